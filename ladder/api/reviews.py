"""Reviews: one person in one cycle, and the comparison of both sides once it is revealed."""

from django.db.models import Prefetch
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from competencies.reviews.comparing import compare
from competencies.reviews.models import Assessment, Cycle, Review
from competencies.reviews.models.review import Reviews as Rows

from .assessments import PieceSerializer, PointSerializer
from .request import ApiRequest
from .shapes import NamedSerializer, SomebodySerializer, allowing
from .viewsets import Readable, one_of

STATES = ["waiting", "half", "revealed", "discussed", "signed"]


class CycleNameSerializer(serializers.ModelSerializer):
    class Meta:
        model = Cycle
        fields = ["id", "name"]


class SideSerializer(serializers.ModelSerializer):
    class Meta:
        model = Assessment
        fields = ["id", "kind"]


class ReviewSerializer(serializers.ModelSerializer):
    cycle = CycleNameSerializer()
    subject = SomebodySerializer()
    manager = SomebodySerializer()
    edition = serializers.IntegerField(source="level.edition_id")
    track = NamedSerializer()
    yardstick = NamedSerializer(source="level")
    standing = NamedSerializer(source="held_level", help_text="The person's level when the cycle opened.")
    state = serializers.ChoiceField(STATES)
    revealed_at = serializers.DateTimeField(source="reveal.at", default=None, allow_null=True)
    assessments = SideSerializer(many=True, source="readable", help_text="Those that you can read now.")

    class Meta:
        model = Review
        fields = [
            "id", "cycle", "subject", "manager", "edition", "track", "yardstick", "standing",
            "state", "revealed_at", "assessments",
        ]  # fmt: skip


class AnswerSerializer(serializers.Serializer):
    point = PointSerializer(allow_null=True)
    comment = serializers.CharField()


class SpreadSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    months = serializers.IntegerField(help_text="How many months the pieces of evidence come from.")
    all_recent = serializers.BooleanField(help_text="Whether all of it is less than eight weeks old.")


class ComparedSerializer(serializers.Serializer):
    competency = NamedSerializer()
    self = AnswerSerializer(source="self_rating", allow_null=True)
    manager = AnswerSerializer(source="manager_rating", allow_null=True)
    earlier_self = AnswerSerializer(allow_null=True)
    earlier_manager = AnswerSerializer(allow_null=True)
    gap = serializers.IntegerField(allow_null=True, help_text="The manager's value minus the person's own.")
    evidence = PieceSerializer(many=True)
    spread = SpreadSerializer()


class ComparisonSerializer(serializers.Serializer):
    review = serializers.IntegerField(source="review.pk")
    earlier = serializers.IntegerField(
        source="earlier.pk", default=None, allow_null=True, help_text="The previous review."
    )
    elsewhere = serializers.IntegerField(
        source="elsewhere.pk",
        default=None,
        allow_null=True,
        help_text="The previous review if it was on another framework: it isn't compared.",
    )
    rows = ComparedSerializer(many=True)


class OfCycle(FilterSet):
    cycle = one_of("reviews.read_cycle")
    subject = one_of("people.read_person")


class Reviews(Readable):
    """Your own reviews and those of everyone below you; all of them for HR."""

    reading = "reviews.read_review"
    serializer_class = ReviewSerializer
    filterset_class = OfCycle

    def with_related(self, rows: Rows) -> Rows:
        readable = allowing("reviews.read_assessment", self.request)
        return (
            rows.with_state()
            .select_related("held_level")
            .prefetch_related(Prefetch("assessments", queryset=readable, to_attr="readable"))
            .order_by("-cycle__created_at", "subject__name", "pk")
        )

    @extend_schema(responses=ComparisonSerializer)
    @action(detail=True)
    def comparison(self, request: ApiRequest, pk: int) -> Response:
        """Self and manager in a shared review, competency by competency, with the previous review."""
        self.reading = "reviews.compare_review"
        return Response(ComparisonSerializer(compare(self.get_object())).data)
