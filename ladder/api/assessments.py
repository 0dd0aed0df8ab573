"""Assessments: read when the rules show them, rated competency by competency, handed in once."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from competencies.evidence.models import Evidence
from competencies.framework.models import ScalePoint
from competencies.reviews.limits import COMMENT_LIMIT
from competencies.reviews.models import Assessment, Rating, Submission

from .request import ApiRequest
from .shapes import AllowedSet, Body, NamedSerializer, Nothing, SomebodySerializer, Version
from .viewsets import Readable, one_of


class PointSerializer(serializers.ModelSerializer):
    class Meta:
        model = ScalePoint
        fields = ["key", "label", "value"]


class PieceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Evidence
        fields = ["id", "title", "happened_on"]


class RatingSerializer(serializers.ModelSerializer):
    competency = NamedSerializer()
    point = PointSerializer(allow_null=True)
    evidence = PieceSerializer(many=True)

    class Meta:
        model = Rating
        fields = ["competency", "point", "comment", "evidence", "version"]


class AssessmentSerializer(serializers.ModelSerializer):
    subject = SomebodySerializer(source="review.subject")
    author = SomebodySerializer()
    state = serializers.SerializerMethodField()
    due_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(source="submission.at", default=None, allow_null=True)
    may_write = serializers.BooleanField(help_text="Whether you can rate and submit now.")

    class Meta:
        model = Assessment
        fields = [
            "id", "review", "subject", "kind", "author", "state", "round", "due_at",
            "started_at", "submitted_at", "may_write",
        ]  # fmt: skip

    @staticmethod
    def get_state(assessment: Assessment) -> str:
        return "submitted" if assessment.submission else "draft"


class AssessmentDetailSerializer(AssessmentSerializer):
    edition = serializers.IntegerField(source="review.level.edition_id")
    yardstick = NamedSerializer(source="review.level")
    ratings = RatingSerializer(many=True)
    unrated = serializers.SerializerMethodField()

    class Meta(AssessmentSerializer.Meta):
        fields = [*AssessmentSerializer.Meta.fields, "edition", "yardstick", "ratings", "unrated"]

    @staticmethod
    def get_unrated(assessment: Assessment) -> list[str]:
        return [competency.key for competency in assessment.unrated()]


class SubmissionSerializer(serializers.ModelSerializer):
    revealed = serializers.BooleanField(
        source="assessment.review.is_revealed",
        help_text="Whether self and manager can now read each other's assessment.",
    )

    class Meta:
        model = Submission
        fields = ["assessment", "round", "at", "revealed"]


class Answer(Body):
    """Your rating of one competency."""

    version = Version(help_text="The version you last read; 0 before the first answer.")
    point = serializers.SlugField(
        allow_null=True,
        max_length=40,
        help_text="Key of a point on the scale; null while undecided.",
    )
    comment = serializers.CharField(
        allow_blank=True, trim_whitespace=False, max_length=COMMENT_LIMIT, help_text="Markdown."
    )
    evidence = AllowedSet(
        "evidence.read_evidence",
        required=False,
        help_text="Ids of the evidence for it. Leave it out to keep the current list.",
    )

    def validate_point(self, key: str | None) -> ScalePoint | None:
        if key is None:
            return None
        point = ScalePoint.objects.filter(scale__edition=self.context["edition"], key=key).first()
        if point is None:
            raise serializers.ValidationError(f"The scale has no point {key}.")
        return point


class OfReview(FilterSet):
    review = one_of("reviews.read_review")


class Assessments(Readable):
    """Assessments that you can read: your own, and others once they are shared with you."""

    reading = "reviews.read_assessment"
    serializer_class = AssessmentSerializer
    detail_serializer_class = AssessmentDetailSerializer
    filterset_class = OfReview

    def with_related(self, rows: Any) -> Any:
        rows = (
            rows.order_by("review", "-kind", "pk")
            .select_related("review__cycle", "review__subject", "review__level", "author")
            .prefetch_related("submissions")
            .marking(self.request.user, may_write="reviews.write_assessment")
        )
        if self.action != "retrieve":
            return rows
        ratings = Rating.objects.select_related("competency", "point").prefetch_related("evidence")
        return rows.prefetch_related(Prefetch("ratings", queryset=ratings))

    @extend_schema(request=Answer, responses=RatingSerializer)
    @action(detail=True, methods=["put"], url_path="ratings/<int:competency>")
    def ratings(self, request: ApiRequest, pk: int, competency: int) -> Response:
        """Save your rating of one competency. Refused with both versions unless `version` is the latest."""
        assessment = self.get_object()
        rated = get_object_or_404(assessment.competencies(), pk=competency)
        context = {"request": request, "edition": assessment.review.level.edition_id}
        body = Answer(data=request.data, context=context)
        body.is_valid(raise_exception=True)
        rating = assessment.rate(rated, by=request.user, **body.validated_data)
        return Response(RatingSerializer(rating).data)

    @extend_schema(request=Nothing, responses={201: SubmissionSerializer})
    @action(detail=True, methods=["post"])
    def submission(self, request: ApiRequest, pk: int) -> Response:
        """Submit the assessment. Refused while a competency is unrated, and a second time."""
        assessment = self.get_object()
        Nothing(data=request.data).is_valid(raise_exception=True)
        submission = assessment.submit(by=request.user)
        return Response(SubmissionSerializer(submission).data, status=status.HTTP_201_CREATED)
