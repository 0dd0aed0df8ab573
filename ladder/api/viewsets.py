"""How every resource is read: the rows that one rule gives, and nothing beside them."""

from typing import Any

from django_filters import ModelChoiceFilter
from rest_framework import mixins
from rest_framework.serializers import BaseSerializer

from competencies.trail.audit_reads import note

from .once import Once
from .shapes import allowing


class Readable(mixins.ListModelMixin, mixins.RetrieveModelMixin, Once):
    """The rows on which the client may take `reading`, as a list and one by one; the rest is missing.

    Writes start from a row that was found here, so a stranger never learns more than "not found".
    A resource that shows more of one row than of many names `detail_serializer_class`. The trail keeps
    that a row was read where the rule declares a reading: each of a list, too, when a list shows of
    them what one alone shows. `noting = False` is for an action that records more.
    """

    reading: str
    noting = True
    detail_serializer_class: type[BaseSerializer] | None = None
    lookup_value_converter = "int"

    def get_queryset(self) -> Any:
        """Return the rows, with what the answer shows of them unless only the schema is drawn."""
        rows = allowing(self.reading, self.request)
        return rows if getattr(self, "swagger_fake_view", False) else self.with_related(rows)

    def with_related(self, rows: Any) -> Any:
        """Join what the answer shows, so that a list costs the same number of queries at any length."""
        return rows

    def get_object(self) -> Any:
        row = super().get_object()
        if self.noting:
            note(self.reading, [row], by=self.request.user)
        return row

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        if self.detail_serializer_class is None:
            note(self.reading, rows or (), by=self.request.user)
        return rows

    def get_serializer_class(self) -> Any:
        alone = self.action != "list" and self.detail_serializer_class
        return alone or self.serializer_class


def one_of(action: str, **options: Any) -> ModelChoiceFilter:
    """Return a filter by the id of a row on which the client may take `action`; another id is refused."""
    return ModelChoiceFilter(queryset=lambda request: allowing(action, request), **options)
