"""People: oneself, everyone below oneself today, and all of them for HR."""

from typing import Any

from django.db.models import Prefetch
from django_filters import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from competencies.core.clock import zone
from competencies.people.models import Person, Placement, ReportingLine, RoleGrant
from competencies.people.models.person_queryset import People as AllPeople

from .parameters import Strict
from .request import ApiRequest
from .shapes import NamedSerializer, SomebodySerializer, allowing
from .viewsets import Readable, one_of


class PlacementSerializer(serializers.ModelSerializer):
    framework = serializers.CharField(
        source="level.edition.framework.key",
        help_text="Keys of levels and tracks only have meaning within it.",
    )
    track = NamedSerializer()
    level = NamedSerializer()

    class Meta:
        model = Placement
        fields = ["framework", "track", "level", "starts_on"]


class PersonSerializer(serializers.ModelSerializer):
    active = serializers.BooleanField(source="is_active")
    manager = serializers.SerializerMethodField()
    placement = serializers.SerializerMethodField()

    class Meta:
        model = Person
        fields = ["id", "name", "email", "pronouns", "title", "team", "active", "manager", "placement"]

    @extend_schema_field(SomebodySerializer(allow_null=True))
    def get_manager(self, person: Any) -> dict[str, Any] | None:
        return next((SomebodySerializer(line.manager).data for line in person.lines_today), None)

    @extend_schema_field(PlacementSerializer(allow_null=True))
    def get_placement(self, person: Any) -> dict[str, Any] | None:
        return next((PlacementSerializer(placement).data for placement in person.placements_today), None)


class MeSerializer(PersonSerializer):
    roles = serializers.ListField(child=serializers.ChoiceField(RoleGrant.Role.choices))

    time_zone = serializers.CharField(
        allow_blank=True,
        help_text="The time zone that you chose to see times in; empty where you left it to your browser.",
    )
    organisation_time_zone = serializers.SerializerMethodField(
        help_text="The time zone in which each day begins and ends, for everybody."
    )

    class Meta(PersonSerializer.Meta):
        fields = [*PersonSerializer.Meta.fields, "roles", "time_zone", "organisation_time_zone"]

    def get_organisation_time_zone(self, person: Any) -> str:
        return str(zone())


class ReportingTo(FilterSet):
    manager = one_of(
        "people.read_person", method="reporting_to", label="Only people who report to this person today."
    )

    @extend_schema_field(OpenApiTypes.INT)
    def reporting_to(self, rows: AllPeople, name: str, manager: Person) -> AllPeople:
        return rows.reporting_to(manager)


class People(Readable):
    """You and the people below you today; for HR, everyone."""

    reading = "people.read_person"
    serializer_class = PersonSerializer
    filterset_class = ReportingTo

    def with_related(self, rows: AllPeople) -> AllPeople:
        return as_they_stand(rows)


class Me(Strict):
    """Yourself."""

    @extend_schema(responses=MeSerializer)
    def get(self, request: ApiRequest) -> Response:
        person = as_they_stand(allowing("people.read_person", request)).get(pk=request.user.pk)
        return Response(MeSerializer(person).data)


def as_they_stand(people: Any) -> Any:
    """Fetch with `people` the manager and the level that each has today."""
    lines = ReportingLine.objects.current().select_related("manager")
    placements = Placement.objects.current().select_related("track", "level__edition__framework")
    return people.prefetch_related(
        Prefetch("lines", lines, to_attr="lines_today"),
        Prefetch("placements", placements, to_attr="placements_today"),
    )
