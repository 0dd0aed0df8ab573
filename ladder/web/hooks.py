"""What Django asks a middleware that is a function besides: its hooks are attributes of the function."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answering = Callable[[HttpRequest], HttpResponseBase]


def with_hooks(answer: Answering, **hooks: Callable[..., HttpResponseBase | None]) -> Answering:
    """Return the function of a middleware with hooks such as `process_view`, by their names."""
    answer.__dict__.update(hooks)
    return answer
