"""In which form an answer is given, and what `OPTIONS` tells of an address."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rest_framework.metadata import BaseMetadata
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView

PROBLEM = "application/problem+json"


class Methods(BaseMetadata):
    """The answer to `OPTIONS`: the methods of an address. What it takes and gives is said by OpenAPI."""

    def determine_metadata(self, request: Request, view: "APIView") -> dict[str, Any]:
        return {"methods": view.allowed_methods}


class Negotiation(DefaultContentNegotiation):
    """Takes whoever asks for problems alone for one that reads JSON: a refusal is a problem by itself."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        if request.method == "OPTIONS":  # what is told there is JSON, also where a document is given
            renderers = [JSONRenderer()]
        return super().select_renderer(request, renderers, format_suffix)

    def get_accept_list(self, request: Request) -> list[str]:
        return [
            media_type.replace(PROBLEM, "application/json") for media_type in super().get_accept_list(request)
        ]
