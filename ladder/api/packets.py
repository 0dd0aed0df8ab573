"""Packets: the frozen snapshot as JSON, and the document typeset from it."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from django_filters import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer

from competencies.packets.models import Document, Packet
from ladder.jobs.packet_documents import document_of

from .refusals import NotReady
from .request import ApiRequest
from .shapes import SomebodySerializer
from .viewsets import Readable, one_of

STATES = ["unordered", "waiting", "failed", "ready"]
WAITING = OpenApiResponse(description="Not ready yet: try again after `Retry-After` seconds.")


class DocumentSerializer(serializers.ModelSerializer):
    at = serializers.DateTimeField(source="shown_at", help_text="For an anonymised copy, only the date.")

    class Meta:
        model = Document
        fields = ["sha256", "pages", "size", "at"]


class PacketSerializer(serializers.ModelSerializer):
    by = SomebodySerializer(source="frozen_by", allow_null=True, help_text="Null for an anonymised copy.")
    at = serializers.DateTimeField(source="shown_at", help_text="For an anonymised copy, only the date.")
    state = serializers.ChoiceField(STATES)
    digest = serializers.CharField(source="computed_digest", help_text="SHA-256 of the content as it is now.")
    document = DocumentSerializer(default=None, allow_null=True)

    class Meta:
        model = Packet
        fields = ["id", "case", "number", "variant", "by", "at", "digest", "state", "document"]


class PacketDetailSerializer(PacketSerializer):
    content = serializers.DictField(help_text="The snapshot: everything the document says.")

    class Meta(PacketSerializer.Meta):
        fields = [*PacketSerializer.Meta.fields, "content"]


class PDF(JSONRenderer):
    """Lets a client ask for PDF alone. The document bypasses rendering; a problem stays JSON."""

    media_type = "application/pdf"
    format = "pdf"


class OfCase(FilterSet):
    case = one_of("promotions.read_case")


class Packets(Readable):
    """Packets of the cases that you can read; for your own case, the copy made for you."""

    reading = "packets.read_packet"
    serializer_class = PacketSerializer
    detail_serializer_class = PacketDetailSerializer
    filterset_class = OfCase

    def with_related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = rows.select_related("by", "document", "case__subject", "case__proposal")
        return rows.prefetch_related("orders__job__by")

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY, 409: WAITING})
    @action(detail=True, renderer_classes=[PDF, JSONRenderer])
    def document(self, request: ApiRequest, pk: int) -> FileResponse:
        """The document as PDF; 409 with `Retry-After` while it is being generated."""
        self.noting = False
        packet = self.get_object()
        if not packet.is_typeset:
            raise NotReady(_sentence_for(packet))
        path = document_of(packet)
        if path is None:
            raise NotFound(_("The document is missing from storage."))
        packet.note_download(by=request.user)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{packet.number}.pdf")


def _sentence_for(packet: Packet) -> str:
    if packet.last_order and packet.state == "failed":
        return _("The document couldn't be generated: %(why)s") % {"why": packet.last_order.job.failure}
    return _("The document is still being generated.")
