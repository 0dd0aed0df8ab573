"""Letters: what was mailed to you, or on your order, and what became of it."""

from rest_framework import serializers

from competencies.notices.models import Letter

from .reading import Readable
from .shapes import SomebodySerializer

STATES = ["waiting", "sent", "failed"]


class LetterSerializer(serializers.ModelSerializer):
    to = SomebodySerializer(source="receiver", allow_null=True, help_text="Null for one without an account.")
    by = SomebodySerializer(allow_null=True)
    state = serializers.ChoiceField(STATES)

    class Meta:
        model = Letter
        fields = ["id", "kind", "to", "by", "at", "state", "sent_at", "failure"]


class Letters(Readable):
    """Letters to you and those that you ordered: never what they say, and no link."""

    reading = "notices.read_letter"
    serializer_class = LetterSerializer

    def laid_out(self, rows):
        return rows.select_related("receiver", "by")
