"""Jobs: what you ordered that is done in the background, how far each is, and why it failed."""

from collections.abc import Mapping
from typing import Any

from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.serializers import BaseSerializer

from competencies.jobs.models import Job
from competencies.jobs.subjects import subjects_of

from .viewsets import Readable

STATES = ["waiting", "at-work", "failed", "done", "dropped"]


class SubjectSerializer(serializers.Serializer):
    """What a job is for, in words, and the path of its page."""

    title = serializers.CharField(source="__str__")
    url = serializers.CharField(source="get_absolute_url")


class JobSerializer(serializers.ModelSerializer):
    of = serializers.SerializerMethodField()
    state = serializers.ChoiceField(STATES)
    attempts = serializers.IntegerField(help_text="How many times a worker started it.")
    begun_at = serializers.DateTimeField(source="claimed_at", help_text="When a worker last started it.")
    reason = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "id", "kind", "of", "state", "attempts", "at", "wanted_until", "begun_at", "ended_at", "reason",
        ]  # fmt: skip

    @extend_schema_field(SubjectSerializer(allow_null=True))
    def get_of(self, job: Job) -> dict[str, Any] | None:
        subject = self.context["subjects"].get(job.pk)
        return SubjectSerializer(subject).data if subject else None

    @extend_schema_field(serializers.CharField(help_text="Why it failed; empty if `of` is null."))
    def get_reason(self, job: Job) -> str:
        return job.failure if job.pk in self.context["subjects"] else ""


class OfKind(FilterSet):
    kind = ChoiceFilter(choices=Job.Kind.choices)


class Jobs(Readable):
    """Background jobs that you ordered. `of` is null once you can no longer open it."""

    reading = "jobs.read_job"
    serializer_class = JobSerializer
    filterset_class = OfKind

    def get_serializer(
        self, *shown: Any, many: bool = False, context: Mapping[str, Any] | None = None
    ) -> BaseSerializer:
        """Take a page of jobs or one, if any; bring along what they are for."""
        jobs = shown[0] if many else shown
        subjects = subjects_of(jobs, self.request.user) if jobs else {}
        context = {**(context or self.get_serializer_context()), "subjects": subjects}
        return JobSerializer(*shown, many=many, context=context)
