"""Sources: the documents a ladder is taken from, sentence by sentence."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from competencies.sources.models import Passage, Source

from .viewsets import Readable


class PassageSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(help_text="As behaviours cite it: `000 s7`.")
    terms = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Passage
        fields = ["number", "reference", "gist", "terms", "text"]


class SourceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Source
        fields = ["id", "key", "revision", "title", "role"]


class SourceDetailSerializer(SourceSerializer):
    passages = PassageSerializer(many=True)

    class Meta(SourceSerializer.Meta):
        fields = [*SourceSerializer.Meta.fields, "passages"]


class Sources(Readable):
    """Role descriptions that a career framework is based on. A single one comes with its passages."""

    reading = "sources.read_source"
    serializer_class = SourceSerializer
    detail_serializer_class = SourceDetailSerializer

    def with_related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows if self.action == "list" else rows.prefetch_related("passages__source")
