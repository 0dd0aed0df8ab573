from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from competencies.core.clock import now
from competencies.core.permissions import rule
from competencies.promotions.access import read_case, read_hearing
from competencies.promotions.models import Hearing, PromotionCase
from competencies.promotions.recusal import apart
from competencies.trail.audit_reads import Reading
from competencies.trail.visibility import keep_quiet, keep_to_the_auditor

from .models import Packet, PacketExport

if TYPE_CHECKING:
    from competencies.people.models import Person


PACKET = Reading(
    "packet.read",
    about="case.subject",
    shown=lambda packet: not packet.is_of_draft,
    # who reads the copy of a hearing would tell the candidate who answers their case
    named=lambda packet: "copy.read" if packet.is_for_members else "packet.read",
)

keep_to_the_auditor("copy.read", "copy.downloaded")
keep_quiet("draft.frozen", "draft.ordered", "draft.typeset", "draft.failed", "draft.downloaded")


@rule("packets.freeze_packet", on="promotions.PromotionCase")
def freeze_packet(person: Person) -> Q:
    sponsored = Q(sponsor=person, subject__in=person.reports().values("pk"))
    return Q(withdrawal=None) & (
        sponsored | (Q(proposal__isnull=False) & ~Q(subject=person) & person.holding("hr"))
    )


@rule("packets.archive_case", on="promotions.PromotionCase")
def archive_case(person: Person) -> Q:
    """Whose archive copy, which holds everything, HR freezes: that of a case in which they have no part."""
    return Q(proposal__isnull=False) & apart(person, "") & person.holding("hr")


@rule("packets.read_packet", on="packets.Packet", reading=PACKET)
def read_packet(person: Person) -> Q:
    """Those who may read the case, and those who answer it what was frozen for them.

    The candidate reads only the copy made for them, HR who have no part in the case the archive's. A
    packet that was frozen before the case was proposed shows a draft: it stays the sponsor's.
    """
    readable = PromotionCase.objects.filter(read_case(person)).values("pk")
    of_proposed = Q(at__gte=F("case__proposal__at"))
    concerned = (
        Q(case__in=readable)
        & (Q(case__sponsor=person) | of_proposed)
        & (~Q(case__subject=person) | Q(variant=Packet.Variant.CANDIDATE))
        & ~Q(variant=Packet.Variant.ARCHIVE)
    )
    archived = PromotionCase.objects.filter(archive_case(person)).values("pk")
    kept = Q(case__in=archived) & of_proposed  # and with it every other copy
    return concerned | kept | _of_hearing(person)


def _of_hearing(person: Person) -> Q:
    """Return what the members of a hearing read: of a masked one the newest masked copy, until unmasked."""
    hearings = Hearing.objects.filter(read_hearing(person))
    unmasked = Hearing.objects.filter(unmaskings__person=person).values("pk")
    masked = Q(variant=Packet.Variant.MASKED) & ~_frozen_anew()
    committee = Q(variant=Packet.Variant.COMMITTEE) & (Q(hearing__masked=False) | Q(hearing__in=unmasked))
    return Q(hearing__in=hearings.values("pk")) & (masked | committee)


def _frozen_anew() -> Q:
    """Packets after which a masked copy was frozen for the same hearing."""
    later = Packet.objects.filter(variant=Packet.Variant.MASKED, hearing=OuterRef("hearing"))
    return Q(Exists(later.filter(pk__gt=OuterRef("pk"))))


@rule("packets.order_document", on="packets.Packet", reading=PACKET)
def order_document(person: Person) -> Q:
    return read_packet(person)


@rule("packets.open_order", on="packets.Order")
def open_order(person: Person) -> Q:
    return Q(packet__in=Packet.objects.filter(order_document(person)).values("pk"))


@rule("packets.order_export", on="people.Organisation")
def order_export(person: Person) -> Q:
    """Who may have packets made in bulk at all; of which cases is asked of each case."""
    return person.holding("hr")


@rule("packets.export_case", on="promotions.PromotionCase")
def export_case(person: Person) -> Q:
    return Q(proposal__isnull=False, withdrawal=None) & ~Q(subject=person) & person.holding("hr")


@rule("packets.read_export", on="packets.PacketExport")
def read_export(person: Person) -> Q:
    """An export is its orderer's, as it may hold what another of HR may not read: their own case."""
    return Q(by=person) & person.holding("hr")


@rule("packets.steer_export", on="packets.PacketExport")
def steer_export(person: Person) -> Q:
    return read_export(person) & Q(cancellation=None, expires_at__gt=now())


@rule("packets.download_export", on="packets.PacketExport")
def download_export(person: Person) -> Q:
    return read_export(person) & Q(expires_at__gt=now())


@rule("packets.read_item", on="packets.ExportItem")
def read_item(person: Person) -> Q:
    return Q(export__in=PacketExport.objects.filter(read_export(person)).values("pk"))


@rule("packets.retry_item", on="packets.ExportItem")
def retry_item(person: Person) -> Q:
    return ~Q(job__failure="") & Q(export__in=PacketExport.objects.filter(steer_export(person)).values("pk"))


@rule("packets.open_item", on="packets.ExportItem")
def open_item(person: Person) -> Q:
    """Items of one's own exports whose cases one may read: they name the candidate."""
    return read_item(person) & Q(case__in=PromotionCase.objects.filter(read_case(person)).values("pk"))


@rule("packets.link_item", on="packets.ExportItem")
def link_item(person: Person) -> Q:
    exports = PacketExport.objects.filter(download_export(person)).values("pk")
    readable = Packet.objects.filter(read_packet(person)).values("pk")
    done = Q(job__ended_at__isnull=False, job__failure="", job__dropped=False)
    return done & Q(export__in=exports, packet__in=readable)


@rule("packets.open_link", on="packets.PacketLink")
def open_link(person: Person) -> Q:
    """Whom it was made for, while they may read the packet, whatever was so when it was made."""
    readable = Packet.objects.filter(read_packet(person)).values("pk")
    return Q(person=person, revoked_at=None, expires_at__gt=now(), item__packet__in=readable)


@rule("packets.revoke_link", on="packets.PacketLink")
def revoke_link(person: Person) -> Q:
    return Q(by=person, revoked_at=None) & person.holding("hr")
