"""Text goes out compressed; documents, streams and what shows a secret go out as they are.

The length of a compressed answer tells what of it repeats. Some bytes by chance make that useless for guesses
at a token against forgery, which is masked besides; a secret that is shown once is not compressed at all.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

Response = TypeVar("Response", bound=HttpResponseBase)
TEXT = ("text/html", "application/json", "application/problem+json")
AS_IT_IS = "no-transform"  # a proxy that compresses reads it, too


def shown_once(view: Callable[..., Response]) -> Callable[..., Response]:
    """Have whatever a view answers go out as it is, since there may be a secret in it."""

    @wraps(view)
    def plain(*args, **kwargs):
        response = view(*args, **kwargs)
        patch_cache_control(response, no_store=True, no_transform=True)
        return response

    return plain


class TextCompression(GZipMiddleware):
    """Compresses pages, fragments and JSON for whoever takes that."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or AS_IT_IS in response.get("Cache-Control", ""):
            return response
        if response.get("Content-Type", "").partition(";")[0] not in TEXT:
            return response
        return super().process_response(request, response)
