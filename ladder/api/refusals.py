"""Refusals as problem details (RFC 9457), in the domain's own words.

A view finds its row through the rule for reading before it writes. So a row that the client may not
read is always 404, in the same words as one that does not exist, and a transition that is `Denied`
is on a row that they can see: 403.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from competencies.core.refusals import Denied, Refusal, Stale

from .negotiation import PROBLEM

STATUSES = {Denied: HTTPStatus.FORBIDDEN, Stale: HTTPStatus.CONFLICT}
TITLES = {
    "stale": _("Changed elsewhere"),
    "unrated": _("Some competencies aren't rated"),
    "incomplete": _("Something is missing"),
    "not-now": _("Not possible now"),
    "too-long": _("Too long"),
    "invalid": _("The request isn't valid"),
    "not-ready": _("Not ready yet"),
}


class NotReady(exceptions.APIException):
    """What was asked for is still being made."""

    status_code = HTTPStatus.CONFLICT
    default_code = "not-ready"
    wait = 2


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception raised in an API view into a problem; None lets Django answer 500."""
    if isinstance(exception, Refusal):
        status = STATUSES.get(type(exception), HTTPStatus.UNPROCESSABLE_ENTITY)
        return problem(status, exception.code, str(exception), **_plain(exception.details))
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    if isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    response = exception_handler(exception, context)
    if response is None:
        return None
    is_of_fields = isinstance(exception, exceptions.ValidationError)
    members = _of_validation(exception) if is_of_fields else _of(exception)
    answered = problem(response.status_code, **members)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            answered.headers[name] = response.headers[name]
    return answered


def problem(status: int, code: str, sentence: str, **details: Any) -> Response:
    """Return a `Response` with one problem: a stable `code`, a sentence in `detail`, and further members."""
    status = HTTPStatus(status)
    members = {
        "type": f"urn:ladder:{code}",
        "title": str(TITLES.get(code, status.phrase)),
        "status": status.value,
        "detail": sentence,
        "code": code,
    }
    return Response(members | details, status=status.value, content_type=PROBLEM)


def _of(exception: Any) -> dict[str, Any]:
    codes = exception.get_codes()
    code = codes if isinstance(codes, str) else exception.default_code
    return {"code": code.replace("_", "-"), "sentence": str(exception.detail)}


def _of_validation(exception: Any) -> dict[str, Any]:
    errors = dict(_by_field(exception.detail))
    sentence = _("Nothing was changed. Check these fields: %(fields)s.") % {"fields": ", ".join(errors)}
    return {"code": "invalid", "sentence": str(sentence), "errors": errors}


def _by_field(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield `(field, sentences)`; the third id of a list is `evidence.2`, the body as a whole `body`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _by_field(inner, f"{path}.{name}" if path else str(name))
    else:
        yield path or "body", [str(sentence) for sentence in detail]


def _plain(value: Any) -> Any:
    """Return `value` with every row replaced by its key, or by its id where it has none."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, Model):
        return getattr(value, "key", value.pk)
    return value
