"""Cycles: the rounds of reviews that concern the client, all of them for HR."""

from rest_framework import serializers

from competencies.reviews.models import Cycle

from .reading import Readable

STATES = ["preparing", "open", "closed"]


class CycleSerializer(serializers.ModelSerializer):
    state = serializers.ChoiceField(STATES)
    opened_at = serializers.DateTimeField(source="opening.at", default=None, allow_null=True)
    closed_at = serializers.DateTimeField(source="closing.at", default=None, allow_null=True)

    class Meta:
        model = Cycle
        fields = [
            "id", "name", "edition", "self_due_at", "manager_due_at", "blind",
            "state", "opened_at", "closed_at",
        ]  # fmt: skip


class Cycles(Readable):
    """Rounds of reviews."""

    reading = "reviews.read_cycle"
    serializer_class = CycleSerializer

    def laid_out(self, rows):
        return rows.select_related("opening", "closing")
