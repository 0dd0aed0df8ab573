"""Packets and their documents, held against the digests that the trail has of them."""

from competencies.trail.models import Entry
from competencies.trail.row_checks import RowCheck, register

from .models import Packet, Typesetting
from .models.packet import REDACTED, TYPESET


@register
class PacketCheck(RowCheck):
    """A frozen snapshot is the one that was frozen, or what an erasure left of it."""

    label = "packets"
    actions = ("packet.frozen", "draft.frozen")
    redacted = REDACTED

    def found(self, keys):
        return {str(row.pk): [row] for row in Packet.objects.filter(pk__in=keys)}

    def everything(self):
        return Packet.objects.defer("snapshot")

    def digest_of(self, row, entry):
        return row.computed_digest()

    def agrees(self, row, entry):
        return entry.action in self.redacted or row.digest == entry.details["digest"]


@register
class DocumentCheck(RowCheck):
    """The document of a packet is the one that was typeset from it."""

    label = "documents"
    actions = TYPESET
    name = "sha256"

    def found(self, keys):
        rows = {}
        for row in Typesetting.objects.filter(packet__in=keys):
            rows.setdefault(str(row.packet_id), []).append(row)
        return rows

    def everything(self):
        return Typesetting.objects.all()

    def key_of(self, row):
        return str(row.packet_id)

    def is_meant(self, row, entry):
        return row.sha256 == entry.details["sha256"]

    def digest_of(self, row, entry):
        return row.sha256

    def may_be_gone(self, entry):
        """That of a packet that was redacted since goes."""
        later = Entry.objects.filter(sequence__gt=entry.sequence, action__in=REDACTED)
        return later.filter(row_model=entry.row_model, row_pk=entry.row_pk).exists()
