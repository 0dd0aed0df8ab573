"""Skills, and how firmly each track asks for them."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from competencies.framework.models import Requirement, Skill

from .competencies import OfEdition
from .shapes import NamedSerializer
from .viewsets import Readable


class RequirementSerializer(serializers.ModelSerializer):
    track = serializers.CharField(source="track.key")

    class Meta:
        model = Requirement
        fields = ["track", "strength", "choice", "note"]


class SkillSerializer(serializers.ModelSerializer):
    competency = NamedSerializer()
    requirements = RequirementSerializer(many=True)

    class Meta:
        model = Skill
        fields = ["id", "edition", "key", "title", "group", "competency", "requirements"]


class Skills(Readable):
    """Tools and techniques that tracks ask for by name."""

    reading = "framework.read_skill"
    serializer_class = SkillSerializer
    filterset_class = OfEdition

    def with_related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        requirements = Requirement.objects.select_related("track").order_by("track__position")
        return (
            rows.order_by("edition", "position", "pk")
            .select_related("competency")
            .prefetch_related(Prefetch("requirements", queryset=requirements))
        )
