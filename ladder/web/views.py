"""The few things every page does: find a row through permission, and answer htmx and plain forms alike."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from competencies.core.permissions import rule_of
from competencies.core.prepared import prepared
from competencies.people.models import Organisation, Person
from competencies.trail.audit_reads import note

from .request import Request

Row = TypeVar("Row", bound=Model)
IN_THE_WHOLE = {
    "may_lead": "people.lead_team",
    "may_browse": "people.browse_people",
    "may_govern": "people.govern_organisation",
    "may_run_cycles": "people.run_cycles",
    "may_write": "people.write_framework",
    "may_read_trail": "people.read_trail",
    "may_order_exports": "packets.order_export",
    "may_sit": "promotions.sit_in_committees",
}


def get_for(
    rows: type[Row] | QuerySet[Row] | Callable[[Person, int], Iterable[Row]],
    request: Request,
    action: str,
    pk: int,
    *,
    noting: bool = True,
) -> Row:
    """Return the row `pk` of `rows` on which the visitor may take `action`.

    `rows` is a model, a queryset, or a function from the visitor and `pk` to the row, if there is one: what a
    page reads with its row is then asked for only once the row is theirs to see. A row that is missing and
    one that is refused look the same: `Http404`. The trail keeps that it was read, where the rule declares a
    reading; `noting=False` is for a view that records more.
    """
    rule = rule_of(action)
    if callable(rows) and not isinstance(rows, type):
        allowed = rule.permits(request.user, pk)
        row = next(iter(rows(request.user, pk)), None) if allowed else None
    else:
        queryset = rows if isinstance(rows, QuerySet) else cast("type[Row]", rows)._default_manager.all()
        row = queryset.filter(rule.allows(request.user), pk=pk).first()
    if row is None:
        raise Http404("nothing here")
    if noting:
        note(action, [row], by=request.user)
    return row


def require(request: Request, action: str, row: Model) -> None:
    """Return quietly when the visitor may take `action` on `row`; otherwise it looks missing: `Http404`.

    The trail keeps that it was read, as with `get_for`.
    """
    if not request.user.has_perm(action, row):
        raise Http404("nothing here")
    note(action, [row], by=request.user)


def respond(
    request: Request,
    page: str,
    context: dict[str, Any],
    *,
    fragment: str | None = None,
    done: Any = None,
    status: int = 200,
) -> HttpResponse:
    """Answer one view for htmx and for a plain form.

    `page` is the template of the whole page and `fragment` the one that htmx swaps in (the page
    itself when None). `done` is where a plain form goes after a POST that worked: a URL name with
    its arguments, as a tuple, or an object with an address. A refusal is told with `status=422`.
    """
    if request.htmx and not request.htmx.history_restore_request and fragment:
        response = render(request, fragment, context, status=status)
    elif done is not None and status == 200:
        response = redirect(*done) if isinstance(done, tuple) else redirect(done)
    else:
        response = render(request, page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def site_of(request: HttpRequest) -> str:
    """Return `https://host`, under which a person reaches this installation."""
    return f"{request.scheme}://{request.get_host()}"


def onward(request: HttpRequest, otherwise: str = "") -> str:
    """Return the address to go on to: `next`, or else `otherwise`, when it is one of ours; empty if not."""
    for url in (request.POST.get("next") or request.GET.get("next"), otherwise):
        if url and is_ours(request, url):
            return url
    return ""


def is_ours(request: HttpRequest, url: str | None) -> bool:
    """Say whether `url` leads to a page of this installation."""
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


def organisation_of(request: Request) -> Organisation:
    """Return the organisation, marked with what the visitor may do in it as a whole, for menus.

    It is asked of the database once a request.
    """
    if not hasattr(request, "organisation"):
        marked = _organisation_for(request.user)
        request.organisation = marked[0] if marked else Organisation.here()
    return request.organisation


@prepared
def _organisation_for(person: Person) -> QuerySet[Organisation]:
    return Organisation.objects.marking(person, **IN_THE_WHOLE).order_by("pk")[:1]


def query(request: HttpRequest) -> str:
    """Return the query of the address without the page, for links to the other pages of a list."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def pieces(request: HttpRequest, *parts: tuple[str, dict[str, Any]]) -> str:
    """Return several rendered fragments as one text: the first is swapped, the others say `hx-swap-oob`."""
    return "".join(render_to_string(template, context, request) for template, context in parts)
