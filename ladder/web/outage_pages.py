"""What Ladder says while it cannot answer: the database is away or busy, the disk is full, or it is updated.

Whoever finds that nothing can be answered raises an `Outage`; `ladder.ops.outages` tells it apart. The
answer is 503 with `Retry-After`, made without the database: a sentence for people, a problem (RFC 9457) for
programs and htmx. A form comes back with what was typed, to be sent again.
"""

import logging
import re
from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.datastructures import MultiValueDict
from django.utils.decorators import sync_only_middleware
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _now

from ladder.ops.outages import Outage, is_kept_already, is_unknown, outage_of
from ladder.web.commit_outcomes import forget, witness, witness_of_kept
from ladder.web.hooks import with_hooks

PROBLEM = "application/problem+json"
PAGE = "503.html"
ACTION, BACK, OUTCOME = "_action", "_back", "_outcome"  # what a form that comes back carries besides
LONG = 60  # characters, from which on a value needs more than a line
TECHNICAL = re.compile(r"|on|true|\d+|[0-9a-f-]{16,}|[\w-]{22,}")  # a tick, an id or a key: not typed
SECRET = re.compile("password|secret|credential|^again$|^code$", re.IGNORECASE)  # also before a view is asked
log = logging.getLogger(__name__)


@sync_only_middleware
def tell_outages(get_response):
    """Answer 503 where a view met an outage. What other middleware meets comes to `handler500`."""

    def middleware(request):
        forget()
        return get_response(request)

    return with_hooks(middleware, process_exception=answer_exception)


def answer_exception(request, exception):
    """Return the answer to an exception that tells of an outage; None where it is a fault of ours."""
    outage = outage_of(exception)
    if outage is None:
        return None
    log.warning("%s %s: %s (%s)", request.method, request.path, outage, type(exception).__name__)
    return answer(
        request, outage, outcome=_outcome(request, exception, outage), kept=is_kept_already(exception)
    )


def _outcome(request, exception, outage) -> str:
    """Return the witness of what was sent: it may have been kept, or was and something after it broke."""
    if is_unknown(exception, outage) and (broken := witness()):
        return broken
    return "" if request.method in ("GET", "HEAD", "OPTIONS") else witness_of_kept()


def answer(request, outage: Outage, *, outcome: str = "", kept: bool = False) -> HttpResponse:
    """Return 503 with a sentence, as a page or, for programs and htmx, as a problem.

    `outcome` is the witness of a transaction of which nobody knows whether it was kept; `kept` says that
    what was sent was, and that only what follows upon it has to wait.
    """
    if request.path.startswith("/api/") or request.headers.get("HX-Request"):
        response: HttpResponse = _problem(outage, outcome, kept)
    else:
        response = page(request, Sent.by(request, outcome), outage=outage, kept=kept or None)
    response.headers["Retry-After"] = str(outage.wait)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _problem(outage: Outage, outcome: str, kept: bool) -> JsonResponse:
    code, sentence = "unavailable", _now("%(why)s Nothing was saved.") % {"why": outage}
    if kept:
        code, sentence = "kept", _now("%(why)s What was sent was saved.") % {"why": outage}
    elif outcome:
        code = "outcome-unknown"
        sentence = _now("%(why)s We don’t know yet whether this was saved.") % {"why": outage}
    title = _now("Not available right now")
    problem = {"type": f"urn:ladder:{code}", "title": title, "status": 503, "detail": sentence, "code": code}
    return JsonResponse(problem | ({"outcome": outcome} if outcome else {}), status=503, content_type=PROBLEM)


@dataclass(frozen=True)
class Sent:
    """What a request brought, to be sent again: where it goes, and each value that was typed or chosen."""

    action: str
    back: str
    values: list
    files: list
    outcome: str = ""
    is_form: bool = False

    @classmethod
    def by(cls, request, outcome: str = "") -> "Sent":
        """Return what `request` brought. Only of a form that is ours, or a stranger could have it sent."""
        here = request.get_full_path()
        if request.method != "POST" or not _is_ours(request):
            return cls(here if request.method in ("GET", "HEAD") else "/", "/", [], [])
        try:
            posted, files = request.POST, request.FILES
        except Exception:  # it was cut off, or there was no room for its files
            return cls(here, _ours(request, request.headers.get("Referer")), [], [])
        return cls(
            action=_ours(request, posted.get(ACTION), here),
            back=_ours(request, posted.get(BACK), request.headers.get("Referer", "")),
            values=_values(posted, getattr(request, "sensitive_post_parameters", ())),
            files=_files(files),
            outcome=outcome or posted.get(OUTCOME, ""),
            is_form=True,
        )

    @property
    def by_itself(self) -> bool:
        """Return True if it can be sent again without anybody's hand."""
        return not self.files and all(value["as"] != "secret" for value in self.values)


def _is_ours(request) -> bool:
    """Return True if a form comes from a page of ours, also where an outage was met before that was asked."""
    if getattr(request, "csrf_processing_done", False):
        return True
    check = CsrfViewMiddleware(lambda request: HttpResponse())
    try:
        check.process_request(request)
        return check.process_view(request, answer, (), {}) is None
    except Exception:  # what it brought cannot be read
        return False


def _ours(request, *addresses: str | None) -> str:
    for address in addresses:
        if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
            return address or "/"
    return "/"


def _values(posted: MultiValueDict, secret) -> list[dict]:
    """Return each value with how the page shows it: as it was typed, hidden, or a secret, which is empty."""
    kept = []
    for name, values in posted.lists():
        if name in ("csrfmiddlewaretoken", ACTION, BACK, OUTCOME):
            continue
        if SECRET.search(name) or name in secret:
            kept.append({"name": name, "label": _label(name), "as": "secret", "value": ""})
            continue
        kept += [
            {"name": name, "label": _label(name), "as": _shown_as(value), "value": value} for value in values
        ]
    return kept


def _shown_as(value: str) -> str:
    if TECHNICAL.fullmatch(value):
        return "hidden"
    return "text" if "\n" in value or len(value) > LONG else "line"


def _files(files: MultiValueDict) -> list[dict]:
    return [
        {"name": name, "label": _label(name), "file": file.name}
        for name, chosen in files.lists()
        for file in chosen
    ]


def _label(name: str) -> str:
    return re.sub(r"[_-]+", " ", name).strip().capitalize()


def page(request, sent: Sent, *, outage: Outage | None = None, kept: bool | None = None) -> HttpResponse:
    """Return the page of an outage, or of what was found out after one: whether what was sent was kept."""
    context = {
        "outage": outage,
        "sent": sent,
        "kept": kept,
        "csrf_token": get_token(request) if sent.is_form else "",
    }
    return HttpResponse(render_to_string(PAGE, context), status=503 if outage else 200)
