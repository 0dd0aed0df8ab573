"""Editions of the ladder: levels, tracks, areas and the scale, in the order of the ladder."""

from django.db.models import Prefetch
from rest_framework import serializers

from competencies.framework.models import Area, Edition, Level, ScalePoint, Track
from competencies.framework.models.edition import Editions as Rows

from .shapes import NamedSerializer
from .viewsets import Readable

STATES = ["draft", "published", "retired"]


class LevelSerializer(serializers.ModelSerializer):
    includes: serializers.SlugRelatedField = serializers.SlugRelatedField("key", many=True, read_only=True)

    class Meta:
        model = Level
        fields = ["id", "key", "title", "rung", "scope", "summary", "includes"]


class TrackSerializer(serializers.ModelSerializer):
    class Meta:
        model = Track
        fields = ["id", "key", "title", "summary", "suits", "hiring"]


class AreaSerializer(serializers.ModelSerializer):
    competencies = NamedSerializer(many=True)

    class Meta:
        model = Area
        fields = ["id", "key", "title", "purpose", "competencies"]


class ScalePointSerializer(serializers.ModelSerializer):
    class Meta:
        model = ScalePoint
        fields = ["key", "label", "anchor", "value", "bar"]


class EditionSerializer(serializers.ModelSerializer):
    framework = serializers.CharField(source="framework.key")
    title = serializers.CharField(source="framework.title")
    state = serializers.ChoiceField(STATES)
    in_force = serializers.BooleanField(
        help_text="Whether this is the edition that people on its framework read today."
    )
    published_at = serializers.DateTimeField(source="publication.at", default=None, allow_null=True)

    class Meta:
        model = Edition
        fields = [
            "id",
            "framework",
            "title",
            "number",
            "summary",
            "digest",
            "state",
            "in_force",
            "published_at",
        ]


class EditionDetailSerializer(EditionSerializer):
    levels = LevelSerializer(source="level_set", many=True)
    tracks = TrackSerializer(source="track_set", many=True)
    areas = AreaSerializer(source="area_set", many=True)
    scale = ScalePointSerializer(source="scale.points", many=True)

    class Meta(EditionSerializer.Meta):
        fields = [*EditionSerializer.Meta.fields, "levels", "tracks", "areas", "scale"]


class Editions(Readable):
    """Editions of career frameworks. Published ones never change, so a response about one can be cached."""

    reading = "framework.read_edition"
    serializer_class = EditionSerializer
    detail_serializer_class = EditionDetailSerializer

    def with_related(self, rows: Rows) -> Rows:
        rows = rows.with_standing().telling_in_force()
        if self.action == "list":
            return rows
        areas = Area.objects.prefetch_related("competencies")
        return rows.select_related("scale").prefetch_related(
            "level_set__includes", "track_set", "scale__points", Prefetch("area_set", queryset=areas)
        )
