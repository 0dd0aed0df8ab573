"""Evidence: dated pieces of work. Read by whoever may read the person, changed by who recorded it."""

from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from competencies.evidence.models import Evidence

from .request import ApiRequest
from .shapes import Allowed, AllowedSet, Body, Line, Link, NamedSerializer, SomebodySerializer, Version
from .viewsets import Readable, one_of


class EvidenceSerializer(serializers.ModelSerializer):
    person = SomebodySerializer()
    author = SomebodySerializer()
    competencies = NamedSerializer(many=True)

    class Meta:
        model = Evidence
        fields = [
            "id", "person", "author", "happened_on", "kind", "title", "text", "link",
            "competencies", "recorded_at", "version",
        ]  # fmt: skip


class EvidenceFields(Body):
    """The fields of a piece of evidence."""

    happened_on = serializers.DateField(help_text="Can't be in the future.")
    title = Line(max_length=200)
    competencies = AllowedSet(
        "framework.read_competency", allow_empty=False, help_text="Ids of the competencies it supports."
    )
    kind = serializers.ChoiceField(Evidence.Kind.choices, required=False)
    text = serializers.CharField(max_length=20_000, required=False, allow_blank=True, help_text="Markdown.")
    link = Link(required=False, allow_blank=True)


class NewEvidence(EvidenceFields):
    person = Allowed("people.read_person", help_text="Whose work it is: yours or a direct report's.")


class ChangedEvidence(EvidenceFields):
    version = Version()

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if "version" not in fields:
            raise serializers.ValidationError({"version": self.fields["version"].error_messages["required"]})
        return fields


class OfPerson(FilterSet):
    person = one_of("people.read_person")


class EvidenceRows(Readable):
    """Evidence that you can read."""

    reading = "evidence.read_evidence"
    serializer_class = EvidenceSerializer
    filterset_class = OfPerson

    def with_related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("person", "author").prefetch_related("competencies")

    @extend_schema(request=NewEvidence, responses={201: EvidenceSerializer})
    def create(self, request: ApiRequest) -> Response:
        """Add evidence of your own work, or of a direct report's."""
        body = NewEvidence(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        evidence = Evidence.log(by=request.user, **body.validated_data)
        return self._answer(evidence, status.HTTP_201_CREATED)

    @extend_schema(request=ChangedEvidence(partial=True))
    def partial_update(self, request: ApiRequest, pk: int) -> Response:
        """Change evidence that you added. Fields that you leave out stay as they are."""
        evidence = self.get_object()
        body = ChangedEvidence(data=request.data, context={"request": request}, partial=True)
        body.is_valid(raise_exception=True)
        kept = {"competencies": evidence.competencies.all()}
        return self._answer(evidence.rewrite(by=request.user, **kept | body.validated_data))

    @extend_schema(responses={204: None})
    def destroy(self, request: ApiRequest, pk: int) -> Response:
        """Withdraw evidence that you added. Refused while a rating or case that you can read uses it."""
        self.get_object().withdraw(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _answer(self, evidence: Evidence, status: int = status.HTTP_200_OK) -> Response:
        row = self.get_queryset().get(pk=evidence.pk)
        return Response(self.get_serializer(row).data, status=status)
