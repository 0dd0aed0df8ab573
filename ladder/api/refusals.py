"""Refusals as problem details (RFC 9457), in the domain's own words."""

from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import exception_handler

from competencies.access.refusal import Denied, Refusal, Stale

PROBLEM = "application/problem+json"


def answer(exception, context):
    """Turn an exception raised in an API view into a problem; None lets Django answer 500."""
    if isinstance(exception, Denied):
        exception = NotFound()
    if isinstance(exception, Refusal):
        return problem(
            409 if isinstance(exception, Stale) else 422, exception.code, str(exception), **exception.details
        )
    response = exception_handler(exception, context)
    if response is not None:
        code = getattr(exception, "default_code", "error")
        data = response.data
        detail = data.pop("detail", None) if isinstance(data, dict) else None
        response.data = {
            "type": f"urn:ladder:{code}",
            "title": str(detail or getattr(exception, "default_detail", "")),
            "status": response.status_code,
            "code": code,
        } | ({"errors": data} if data else {})
        response.content_type = PROBLEM
    return response


def problem(status, code, sentence, **details):
    """Return a `Response` holding one problem."""
    body = {"type": f"urn:ladder:{code}", "title": sentence, "status": status, "code": code} | details
    return Response(body, status=status, content_type=PROBLEM)
