"""Packets and their documents, held against the digests that the trail has of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from competencies.trail.models import Entry
from competencies.trail.row_checks import RowCheck, register

from .models import Document, Packet
from .models.packet import REDACTED, TYPESET

if TYPE_CHECKING:
    from .models.packet import Packets


@register
class PacketCheck(RowCheck[Packet]):
    """A frozen snapshot is the one that was frozen, or what an erasure left of it."""

    label = "packets"
    actions = ("packet.frozen", "draft.frozen")
    redacted = REDACTED

    def found(self, keys: Collection[str]) -> dict[str, list[Packet]]:
        return {str(row.pk): [row] for row in Packet.objects.filter(pk__in=keys)}

    def everything(self) -> Packets:
        return Packet.objects.defer("snapshot")

    def digest_of(self, row: Packet, entry: Entry) -> str:
        return row.computed_digest()

    def agrees(self, row: Packet, entry: Entry) -> bool:
        return entry.action in self.redacted or bool(row.digest == entry.details["digest"])


@register
class DocumentCheck(RowCheck[Document]):
    """The document of a packet is the one that was typeset from it."""

    label = "documents"
    actions = TYPESET
    name = "sha256"

    def found(self, keys: Collection[str]) -> dict[str, list[Document]]:
        rows: dict[str, list[Document]] = {}
        for row in Document.objects.filter(packet__in=[*map(int, keys)]):
            rows.setdefault(str(row.packet_id), []).append(row)
        return rows

    def everything(self) -> QuerySet[Document]:
        return Document.objects.all()

    def key_of(self, row: Document) -> str:
        return str(row.packet_id)

    def is_meant(self, row: Document, entry: Entry) -> bool:
        return bool(row.sha256 == entry.details["sha256"])

    def digest_of(self, row: Document, entry: Entry) -> str:
        return row.sha256

    def may_be_gone(self, entry: Entry) -> bool:
        """That of a packet that was redacted since goes."""
        later = Entry.objects.filter(sequence__gt=entry.sequence, action__in=REDACTED)
        return later.filter(row_model=entry.row_model, row_pk=entry.row_pk).exists()
