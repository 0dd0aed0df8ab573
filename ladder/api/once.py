"""`Idempotency-Key`: a request that makes something makes it once, and comes again to the first answer."""

import json
import re
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from competencies.core.idempotency import taking
from competencies.people.idempotency import Repeated, Reused, Sending
from competencies.people.models import IdempotencyKey
from ladder.web.idempotency import answered

from .parameters import Strict
from .refusals import problem
from .shapes import allowing

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
WELL_FORMED = re.compile(r"[\x21-\x7e]{1,255}")


class Again(Exception):
    """The request came under a key that was used: `earlier` is what is kept of it."""

    def __init__(self, earlier: IdempotencyKey) -> None:
        super().__init__()
        self.earlier = earlier


class Once(Strict, GenericViewSet):
    """A resource whose `POST` takes a key. `secret` are fields of an answer that are never kept."""

    reading: str  # the action by which its rows are read
    secret: tuple[str, ...] = ()
    sending: Sending | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        def take() -> None:
            if self.sending:
                self.sending.take()

        with taking(take):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get(HEADER)
        if request.method != "POST" or key is None:
            return
        if not WELL_FORMED.fullmatch(key):
            raise ValidationError({HEADER: [_("A key must be 1 to 255 visible ASCII characters.")]})
        sending = Sending(self.request.user, request.path, key, request.data, strict=True)
        if earlier := sending.earlier():
            raise Again(earlier)
        self.sending = sending

    def handle_exception(self, exc: Exception) -> Response:
        try:
            if isinstance(exc, Again):
                return self._first_answer(exc.earlier)
            sending, self.sending = self.sending, None
            is_repeated = isinstance(exc, Repeated)
            if sending and (is_repeated or sending.taken is None) and (earlier := sending.earlier()):
                return self._first_answer(earlier)
        except Reused:
            return _reused()
        except NotFound as missing:
            exc = missing
        if isinstance(exc, Reused):
            return _reused()
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.sending and self.sending.taken and response.status_code < 300:
            kept = {name: value for name, value in response.data.items() if name not in self.secret}
            body = JSONRenderer().render(kept | dict.fromkeys(self.secret, "")).decode()
            self.sending.answer(response.status_code, body=body)
        return response

    def _first_answer(self, earlier: IdempotencyKey) -> Response:
        """Answer as the first time, if the row may still be read; without what is secret."""
        earlier = answered(earlier)
        if earlier.status is None:
            return problem(
                409,
                "answer-lost",
                _(
                    "This request was already carried out with the same key, but its answer was lost. "
                    "Look for what it created."
                ),
            )
        body = json.loads(earlier.body)
        rows = allowing(self.reading, self.request)
        if not rows.filter(pk=self.kwargs.get("pk", body.get("id"))).exists():
            raise NotFound
        return Response(body, status=earlier.status, headers={REPLAYED: "true"})


def _reused() -> Response:
    return problem(
        422,
        "idempotency-key-reused",
        _("This key was used for a different request. Use a new key for each new request."),
    )
