"""Cycles: the rounds of reviews that concern the client, all of them for HR."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from competencies.reviews.models import Cycle
from competencies.reviews.models.cycle import Cycles as Rows

from .viewsets import Readable

STATES = ["preparing", "open", "closed"]


class CycleSerializer(serializers.ModelSerializer):
    edition = serializers.SerializerMethodField()
    editions: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(
        many=True, read_only=True, help_text="Ids of the editions it uses, one for each framework."
    )
    state = serializers.ChoiceField(STATES)
    opened_at = serializers.DateTimeField(source="opening.at", default=None, allow_null=True)
    closed_at = serializers.DateTimeField(source="closing.at", default=None, allow_null=True)

    class Meta:
        model = Cycle
        fields = [
            "id", "name", "edition", "editions", "self_due_at", "manager_due_at", "blind",
            "state", "opened_at", "closed_at",
        ]  # fmt: skip

    @extend_schema_field(
        serializers.IntegerField(
            allow_null=True, help_text="The only one of `editions`; null if there are several."
        )
    )
    def get_edition(self, cycle: Cycle) -> int | None:
        held = [edition.pk for edition in cycle.editions.all()]
        return held[0] if len(held) == 1 else None


class Cycles(Readable):
    """Rounds of reviews."""

    reading = "reviews.read_cycle"
    serializer_class = CycleSerializer

    def with_related(self, rows: Rows) -> Rows:
        return rows.select_related("opening", "closing").with_editions()
