"""What anybody may learn of a document that calls itself a packet: whether it is one, not what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from competencies.trail.kinds import kind_of
from competencies.trail.models import Entry

from .codes import read_code
from .models import Document, Packet
from .models.packet import TYPESET

GENUINE, SUPERSEDED, REDACTED, OUTDATED = "genuine", "superseded", "redacted", "outdated"
ALTERED, KNOWN, UNKNOWN = "altered", "known", "unknown"


@dataclass(frozen=True)
class Verdict:
    """The answer. Of the packet it tells the number and when it was frozen; of a later one the same.

    `genuine`: the very file. `superseded`: it is, and a later packet takes its place. `redacted`: it is,
    as it stands since somebody was erased from it. `outdated`: it is, as it was before. `altered`: it
    names a packet and is not its document. `known`: a code of a packet, without a file. `unknown`: none.
    """

    kind: str
    number: str = ""
    at: datetime | None = None
    redacted_at: datetime | None = None
    sha256: str = ""
    later_number: str = ""
    later_at: datetime | None = None


def verify_document(sha256: str, codes: Sequence[str]) -> Verdict:
    """Return the `Verdict` on a file with this SHA-256 (hex), in which these codes stand."""
    kept = Document.objects.filter(sha256=sha256).select_related("packet").first()
    if kept:
        return _verdict(REDACTED if kept.packet.is_redacted else GENUINE, kept.packet, sha256)
    packet = Packet.objects.filter(code__in=[code for code in map(read_code, codes) if code]).first()
    if packet is None:
        return Verdict(UNKNOWN)
    return _verdict(OUTDATED if packet.is_redacted and _was(packet, sha256) else ALTERED, packet)


def verify_code(text: str) -> Verdict:
    """Return the `Verdict` on a code alone, as somebody typed it."""
    code = read_code(text)
    packet = Packet.objects.filter(code=code).select_related("document").first() if code else None
    if not packet:
        return Verdict(UNKNOWN)
    return _verdict(KNOWN, packet, packet.document.sha256 if packet.is_typeset else "")


def _verdict(kind: str, packet: Packet, sha256: str = "") -> Verdict:
    later = packet.later.order_by("-pk").first()
    return Verdict(
        SUPERSEDED if kind == GENUINE and later else kind,
        number=packet.number,
        at=packet.at,
        redacted_at=packet.redacted_at,
        sha256=sha256,
        later_number=later.number if later else "",
        later_at=later.at if later else None,
    )


def _was(packet: Packet, sha256: str) -> bool:
    """Whether this was the document of a packet before somebody was erased from it, which the trail keeps."""
    rows = Entry.objects.filter(row_model=kind_of(packet), row_pk=str(packet.pk), action__in=TYPESET)
    return any(entry.details["sha256"] == sha256 for entry in rows)
