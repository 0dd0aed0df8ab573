"""The parameters of an address: one that is not known is refused by name."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from .request import ApiRequest


class Strict(APIView):
    """A resource that refuses a parameter that it does not know, as a body refuses a field."""

    request: ApiRequest

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if getattr(self, "action", "") is None:  # the method is refused in a moment
            return
        if unknown := sorted(request.query_params.keys() - self.known_parameters()):
            sentence = _("This parameter doesn't exist here.")
            raise ValidationError({name: [sentence] for name in unknown})

    def known_parameters(self) -> set[str]:
        """Return the names of the parameters that this request may carry: a list has some."""
        if not isinstance(self, GenericViewSet) or self.action not in ("list", "metadata") or self.detail:
            return set()
        pages = self.paginator.get_schema_operation_parameters(self) if self.paginator else ()
        of_pages = {parameter["name"] for parameter in pages}
        return of_pages | set(getattr(getattr(self, "filterset_class", None), "base_filters", ()))
