"""Promotion cases: what is claimed, on what evidence, and how far somebody works at the target level."""

from typing import Any

from django.db.models import Prefetch
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from competencies.packets.models import Packet
from competencies.promotions.models import (
    Claim,
    Decision,
    EndorsementRequest,
    PromotionCase,
    Statement,
    Story,
)
from competencies.promotions.models.case import Cases as Rows
from competencies.promotions.readiness import readiness
from ladder.jobs import packet_documents

from .assessments import PieceSerializer, PointSerializer
from .packets import PacketSerializer
from .request import ApiRequest
from .reviews import CycleNameSerializer, SpreadSerializer
from .shapes import Body, NamedSerializer, SomebodySerializer
from .viewsets import Readable, one_of

STATES = ["draft", "proposed", "in-review", "decided", "appealed", "closed", "withdrawn"]
ENDORSEMENT_STATES = ["asked", "answered", "declined", "recalled", "expired"]


class DecisionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Decision
        fields = ["outcome", "feedback", "look_again_on", "at"]


class CaseSerializer(serializers.ModelSerializer):
    subject = SomebodySerializer()
    sponsor = SomebodySerializer()
    track = NamedSerializer()
    from_level = NamedSerializer()
    to_level = NamedSerializer()
    presenter = SomebodySerializer(source="speaker", help_text="The sponsor, unless someone else presents.")
    cycle = CycleNameSerializer(allow_null=True)
    state = serializers.ChoiceField(STATES)
    proposed_at = serializers.DateTimeField(source="proposal.at", default=None, allow_null=True)

    class Meta:
        model = PromotionCase
        fields = [
            "id", "subject", "sponsor", "presenter", "track", "from_level", "to_level", "cycle", "state",
            "wanted_from", "opened_at", "proposed_at",
        ]  # fmt: skip


class StatementSerializer(serializers.ModelSerializer):
    class Meta:
        model = Statement
        fields = ["kind", "text", "version"]


class ClaimSerializer(serializers.ModelSerializer):
    competency = NamedSerializer()

    class Meta:
        model = Claim
        fields = ["id", "competency", "text", "result", "version"]


class StorySerializer(serializers.ModelSerializer):
    competencies = NamedSerializer(many=True)
    evidence = PieceSerializer(many=True)

    class Meta:
        model = Story
        fields = ["id", "title", *Story.TEXTS, "competencies", "evidence", "version"]


class EndorsementSerializer(serializers.ModelSerializer):
    state = serializers.ChoiceField(ENDORSEMENT_STATES)
    text = serializers.CharField(
        source="words", allow_null=True, help_text="Null while you can't read it or it doesn't exist."
    )

    class Meta:
        model = EndorsementRequest
        fields = ["id", "name", "relation", "outside", "state", "at", "text"]


class CaseDetailSerializer(CaseSerializer):
    decision = DecisionSerializer(default=None, allow_null=True)
    statements = StatementSerializer(many=True)
    claims = ClaimSerializer(many=True)
    stories = StorySerializer(many=True)
    endorsements = EndorsementSerializer(source="endorsement_requests", many=True)
    evidence = serializers.SerializerMethodField()

    class Meta(CaseSerializer.Meta):
        fields = [
            *CaseSerializer.Meta.fields,
            "decision", "statements", "claims", "stories", "evidence", "endorsements",
        ]  # fmt: skip

    @extend_schema_field(PieceSerializer(many=True))
    def get_evidence(self, case: PromotionCase) -> Any:
        return PieceSerializer([exhibit.evidence for exhibit in case.exhibits.all()], many=True).data


class ReadingSerializer(serializers.Serializer):
    review = serializers.IntegerField(source="review.pk")
    yardstick = serializers.CharField(source="review.level.key")
    self = PointSerializer(source="self_rating.point", default=None, allow_null=True)
    manager = PointSerializer(source="manager_rating.point", default=None, allow_null=True)
    counts = serializers.BooleanField(help_text="Whether it was assessed at the target level or above.")
    met = serializers.BooleanField(allow_null=True)


class ReadinessSerializer(serializers.Serializer):
    competency = NamedSerializer()
    standing = serializers.ChoiceField(["met", "below", "not observed", "not assessed"], source="status")
    sustained = serializers.IntegerField(
        help_text="Reviews in a row, newest first, that met the target level."
    )
    by = SomebodySerializer(many=True)
    readings = ReadingSerializer(many=True)
    evidence = PieceSerializer(many=True)
    spread = SpreadSerializer()


class NewPacket(Body):
    variant = serializers.ChoiceField(Packet.Variant.choices, default=Packet.Variant.COMMITTEE)


class OfSubject(FilterSet):
    subject = one_of("people.read_person")


class Cases(Readable):
    """Promotion cases. A draft belongs to its sponsor, and to the candidate once it is opened to them."""

    reading = "promotions.read_case"
    serializer_class = CaseSerializer
    detail_serializer_class = CaseDetailSerializer
    filterset_class = OfSubject

    def with_related(self, rows: Rows) -> Rows:
        rows = rows.with_state()
        if self.action != "retrieve":
            return rows
        reader = self.request.user
        statements = Statement.objects.allowing(reader, "promotions.read_statement")
        requests = EndorsementRequest.objects.allowing(reader, "promotions.read_request")
        return rows.prefetch_related(
            Prefetch("statements", statements),
            Prefetch("endorsement_requests", requests.told_to(reader)),
            "claims__competency",
            "stories__competencies",
            "stories__evidence",
            "exhibits__evidence",
        )

    @extend_schema(responses=ReadinessSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def readiness(self, request: ApiRequest, pk: int) -> Response:
        """Each competency against the target level: met for how many reviews in a row, on what evidence."""
        self.reading = "promotions.read_readiness"
        return Response(ReadinessSerializer(readiness(self.get_object()), many=True).data)

    @extend_schema(request=NewPacket, responses={201: PacketSerializer})
    @action(detail=True, methods=["post"])
    def packets(self, request: ApiRequest, pk: int) -> Response:
        """Finalise the case as it is now as a packet, and queue its document."""
        case = self.get_object()
        body = NewPacket(data=request.data)
        body.is_valid(raise_exception=True)
        packet = packet_documents.freeze(case, by=request.user, **body.validated_data)
        return Response(PacketSerializer(packet).data, status=status.HTTP_201_CREATED)
