"""The trail: what was done and read, by whom, to what, when."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_filters import CharFilter, FilterSet, IsoDateTimeFilter, NumberFilter
from django_filters.fields import IsoDateTimeField
from rest_framework import serializers
from rest_framework.exceptions import ValidationError as Invalid
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from competencies.core.permissions import may
from competencies.people.models import Organisation
from competencies.trail.models import Entry
from competencies.trail.querysets import Entries

from .paging import AFTER, BEFORE, Pages
from .shapes import LARGEST_ID, SomebodySerializer
from .viewsets import Readable

CHAINED = ("number", "salt", "previous", "digest")
FOR_THE_AUDITOR = "For auditors only: null for everyone else."


class EntrySerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="public_id", help_text="Shows neither count nor order.")
    number = serializers.IntegerField(source="sequence", allow_null=True, help_text=FOR_THE_AUDITOR)
    actor = SomebodySerializer(allow_null=True, help_text="Null for a command on the server.")
    about = SomebodySerializer(allow_null=True, help_text="Whose record it is.")
    model = serializers.CharField(source="row_model")
    pk = serializers.CharField(source="row_pk")
    details = serializers.DictField(help_text="Digests in it are for auditors only.")
    salt = serializers.CharField(allow_null=True, help_text=FOR_THE_AUDITOR)
    previous = serializers.CharField(allow_null=True, help_text=FOR_THE_AUDITOR)
    digest = serializers.CharField(allow_null=True, help_text=FOR_THE_AUDITOR)

    class Meta:
        model = Entry
        fields = [
            "id", "number", "at", "actor", "action", "model", "pk", "about", "details", "salt", "previous",
            "digest",
        ]  # fmt: skip

    def to_representation(self, entry: Entry) -> dict[str, Any]:
        whole = self.context["view"].whole
        answer = super().to_representation(entry) | {"details": entry.details_for(whole=whole)}
        return answer if whole else answer | dict.fromkeys(CHAINED)


class MomentField(IsoDateTimeField):
    """An instant that there is in UTC as well: the first hours of the year 1 are not."""

    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class Moment(IsoDateTimeFilter):
    field_class = MomentField


class EntryFilter(FilterSet):
    """What is looked for: whose entries, about whom, what was done to which record, when."""

    actor = NumberFilter(min_value=1, max_value=LARGEST_ID, label="Id of the person who did it.")
    about = NumberFilter(min_value=1, max_value=LARGEST_ID, label="Id of the person whose record it is.")
    action = CharFilter(max_length=64, label="As in entries: `evidence.read`.")
    model = CharFilter("row_model", max_length=64)
    pk = CharFilter("row_pk", max_length=40)
    since = Moment("at", "gte")
    until = Moment("at", "lt", label="Not included.")


class Stretches(Pages):
    """Fifty entries at a time, newest first. A trail is too long to be counted.

    Many entries came about at one instant, so `next` and `previous` name the entry to go on from.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        self.request = request
        after, before = (self._mark(queryset, side) for side in (AFTER, BEFORE))
        if after and before:
            raise Invalid({BEFORE: [_("Use only one of after and before.")]})
        self.stretch = queryset.stretch(self.get_page_size(request), before=after, after=before)
        return self.stretch.rows

    def _mark(self, entries: Any, side: str) -> UUID | None:
        """Return the public identifier that the address names on a side, of an entry that is there."""
        text = self.request.query_params.get(side)
        if text is None:
            return None
        try:
            mark = UUID(text)
        except ValueError:
            mark = None
        if mark is None or not entries.filter(public_id=mark).exists():
            raise Invalid({side: [_("Take this value from a previous response.")]})
        return mark

    def get_next_link(self) -> str | None:
        return self._link_to(AFTER, self.stretch.older)

    def get_previous_link(self) -> str | None:
        return self._link_to(BEFORE, self.stretch.newer)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        del page["properties"]["count"]
        return page | {"required": [name for name in page["required"] if name != "count"]}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [row for row in super().get_schema_operation_parameters(view) if row["name"] != "page"]


class Trail(Readable):
    """The audit log: what you did and what is told about you; for HR and auditors, everyone's."""

    reading = "trail.read_entry"
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    pagination_class = Stretches
    lookup_field = "public_id"
    lookup_url_kwarg = "pk"
    lookup_value_converter = "uuid"

    @cached_property
    def whole(self) -> bool:
        """Whether the client reads how the entries are chained."""
        return may(self.request.user, "people.read_chain", Organisation.here())

    def with_related(self, rows: Entries) -> Entries:
        return rows.select_related("actor", "about")
