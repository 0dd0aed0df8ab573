"""Letters: what was mailed to you, or on your order, and what became of it."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from competencies.notices.models import Letter

from .shapes import SomebodySerializer
from .viewsets import Readable

STATES = ["waiting", "sent", "failed"]


class LetterSerializer(serializers.ModelSerializer):
    to = SomebodySerializer(
        source="receiver", allow_null=True, help_text="Null for someone without an account."
    )
    by = SomebodySerializer(allow_null=True, help_text="Null if the letter calls you to a hearing.")
    state = serializers.ChoiceField(STATES)

    class Meta:
        model = Letter
        fields = ["id", "kind", "to", "by", "at", "state", "sent_at", "failure"]

    def to_representation(self, letter: Letter) -> dict[str, Any]:
        """Tell who is called to a hearing nothing of whoever called them: masked copies do not either."""
        called = letter.kind == Letter.Kind.CALL and letter.by != self.context["request"].user
        return super().to_representation(letter) | ({"by": None} if called else {})


class Letters(Readable):
    """Emails to you and emails that you ordered: never what they say, and no link."""

    reading = "notices.read_letter"
    serializer_class = LetterSerializer

    def with_related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("receiver", "by")
