"""Competencies: what each level expects, in behaviours that can be seen, with where each comes from."""

from django_filters import FilterSet
from rest_framework import serializers

from competencies.framework.models import Behaviour, Competency, Expectation
from competencies.framework.models.competency import Competencies as Rows

from .shapes import NamedSerializer
from .viewsets import Readable, one_of


class CitationSerializer(serializers.Serializer):
    source = serializers.IntegerField(source="passage.source_id")  # type: ignore[assignment]
    reference = serializers.CharField(source="passage.reference")
    gist = serializers.CharField(source="passage.gist")


class BehaviourSerializer(serializers.ModelSerializer):
    track = serializers.CharField(
        source="track.key", default=None, allow_null=True, help_text="Null for every track."
    )
    inferred = serializers.CharField(
        help_text="Why it is our interpretation, as in framework files; otherwise empty."
    )
    citations = CitationSerializer(many=True)

    class Meta:
        model = Behaviour
        fields = ["id", "text", "track", "inferred", "citations"]


class ExpectationSerializer(serializers.ModelSerializer):
    level = NamedSerializer()
    behaviours = BehaviourSerializer(many=True)

    class Meta:
        model = Expectation
        fields = ["level", "summary", "pitfall", "behaviours"]


class CompetencySerializer(serializers.ModelSerializer):
    area = NamedSerializer()

    class Meta:
        model = Competency
        fields = ["id", "edition", "area", "key", "title", "summary"]


class CompetencyDetailSerializer(CompetencySerializer):
    evidence = serializers.ListField(child=serializers.CharField(), help_text="Examples of evidence.")
    expectations = ExpectationSerializer(many=True)

    class Meta(CompetencySerializer.Meta):
        fields = [*CompetencySerializer.Meta.fields, "evidence", "expectations"]


class OfEdition(FilterSet):
    edition = one_of("framework.read_edition")


class Competencies(Readable):
    """What people are assessed on. A single one comes with its expectations, behaviours and citations."""

    reading = "framework.read_competency"
    serializer_class = CompetencySerializer
    detail_serializer_class = CompetencyDetailSerializer
    filterset_class = OfEdition

    def with_related(self, rows: Rows) -> Rows:
        rows = rows.order_by("edition", "position")
        return rows.select_related("area") if self.action == "list" else rows.with_expectations()
