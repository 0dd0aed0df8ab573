"""Lists in pages. Whoever follows their links meets each row once, also while rows are added."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from ladder.web.encryption import Seal

if TYPE_CHECKING:
    from rest_framework.views import APIView

AFTER, BEFORE = "after", "before"


class Pages(PageNumberPagination):
    """Fifty rows a page, at most two hundred on request.

    `next` and `previous` name the row at the edge of the page, so that what is added meanwhile moves nothing;
    they do so under seal, as a list may be ordered by what its reader is not told. `?page=` counts from the
    first row there is.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    request: Request
    page: Page[Any]

    def paginate_queryset(self, queryset: Any, request: Request, view: "APIView | None" = None) -> list[Any]:
        self.request, self.model = request, queryset.model
        self.order = [*ordering_of(queryset), "pk"]
        edges = {name: request.query_params[name] for name in (AFTER, BEFORE) if name in request.query_params}
        if not edges:
            rows: list[Any] = super().paginate_queryset(queryset.order_by(*self.order), request, view) or []
            self.count = self.page.paginator.count
            self.is_more = {AFTER: self.page.has_next(), BEFORE: self.page.has_previous()}
        else:
            if len(edges) > 1 or "page" in request.query_params:
                raise ValidationError({"page": [_("Use only one of page, after and before.")]})
            rows = self._beside(queryset, *edges.popitem())
        self.edges = {AFTER: rows[-1], BEFORE: rows[0]} if rows else {}
        return rows

    def _beside(self, queryset: QuerySet[Any], side: str, cursor: str) -> list[Any]:
        """Return the rows of the page that lies `side` of the row that `cursor` names."""
        size, back = self.get_page_size(self.request) or self.page_size, side == BEFORE
        order = [_turned(name) for name in self.order] if back else self.order
        rows = list(queryset.filter(beyond(order, self._read(side, cursor))).order_by(*order)[: size + 1])
        self.count = queryset.count()
        self.is_more = {side: len(rows) > size, BEFORE if side == AFTER else AFTER: True}
        return rows[:size][::-1] if back else rows[:size]

    def _read(self, side: str, cursor: str) -> list[Any]:
        try:
            return json.loads(self._seal.unseal(cursor))
        except InvalidToken:
            raise ValidationError({side: [_("Take this value from a previous response.")]}) from None

    @property
    def _seal(self) -> Seal:
        return Seal(f"ladder.api.{self.model._meta.label}.{','.join(self.order)}".encode())

    def get_next_link(self) -> str | None:
        return self._link(AFTER)

    def get_previous_link(self) -> str | None:
        return self._link(BEFORE)

    def _link(self, side: str) -> str | None:
        if not self.is_more[side] or not self.edges:
            return None
        values = [_plain(value) for value in self._place_of(self.edges[side])]
        return self._link_to(side, self._seal.seal(json.dumps(values)))

    def _link_to(self, side: str, mark: object) -> str | None:
        if mark is None:
            return None
        url = self.request.build_absolute_uri()
        for name in ("page", AFTER, BEFORE):
            url = remove_query_param(url, name)
        return replace_query_param(url, side, str(mark))

    def _place_of(self, row: Any) -> Iterable[Any]:
        """Return the values by which a row is ordered; by one query where some are of related rows."""
        paths = [name.removeprefix("-") for name in self.order]
        if any("__" in path for path in paths):
            return self.model._base_manager.values_list(*paths).get(pk=row.pk)
        return [getattr(row, path) for path in paths]

    def get_paginated_response(self, data: Any) -> Response:
        links = {"next": self.get_next_link(), "previous": self.get_previous_link()}
        return Response({"count": self.count, **links, "results": data})

    def get_schema_operation_parameters(self, view: "APIView") -> list[dict[str, Any]]:
        description = "The page {} the one that returned this value in its `{}`."
        return [
            *super().get_schema_operation_parameters(view),
            *(
                {
                    "name": name,
                    "required": False,
                    "in": "query",
                    "description": description.format(name, link),
                    "schema": {"type": "string"},
                }
                for name, link in ((AFTER, "next"), (BEFORE, "previous"))
            ),
        ]


def ordering_of(queryset: QuerySet[Any]) -> list[str]:
    """Return the fields that a queryset is ordered by, in full: those of a related model in its place."""
    return _in_full(queryset.model, queryset.query.order_by or queryset.model._meta.ordering)


def _in_full(model: type[Any], names: Iterable[Any], before: str = "", *, turned: bool = False) -> list[str]:
    found: list[str] = []
    for name in names:
        back = name.startswith("-") is not turned
        path = name.removeprefix("-")
        field = None if "__" in path or path == "pk" else model._meta.get_field(path)
        related = field.related_model if field is not None and field.is_relation else None
        if related is not None and path != getattr(field, "attname", None):
            found += _in_full(related, related._meta.ordering or ["pk"], f"{before}{path}__", turned=back)
        else:
            found.append(f"{'-' * back}{before}{path}")
    return found


def beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the `Q` of the rows that come after one with `values`, in an `order` of fields without nulls."""
    found = Q()
    same: dict[str, object] = {}
    for name, value in zip(order, values, strict=True):
        path = name.removeprefix("-")
        found |= Q(**same, **{f"{path}__{'lt' if name.startswith('-') else 'gt'}": value})
        same[path] = value
    return found


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; a day or an instant as the database compares it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
