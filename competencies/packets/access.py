from django.db.models import F, Q

from competencies.access.rules import rule
from competencies.promotions.models import PromotionCase
from competencies.trail.discretion import keep_quiet
from competencies.trail.reading import Reading

from .models import Packet

PACKET = Reading("packet.read", about="case.subject", shown=lambda packet: not packet.is_of_draft)

keep_quiet("draft.frozen", "draft.ordered", "draft.typeset", "draft.failed", "draft.downloaded")


@rule("packets.freeze_packet", on="promotions.PromotionCase")
def freeze_packet(person):
    sponsored = Q(sponsor=person, subject__in=person.reports().values("pk"))
    return Q(withdrawal=None) & (
        sponsored | (Q(proposal__isnull=False) & ~Q(subject=person) & person.holding("hr"))
    )


@rule("packets.read_packet", on="packets.Packet", reading=PACKET)
def read_packet(person):
    """Those who may read the case; the candidate only the copy made for them.

    A packet that was frozen before the case was proposed shows a draft: it stays the sponsor's.
    """
    readable = PromotionCase.objects.allowing(person, "promotions.read_case").values("pk")
    of_proposed = Q(at__gte=F("case__proposal__at"))
    return (
        Q(case__in=readable)
        & (Q(case__sponsor=person) | of_proposed)
        & (~Q(case__subject=person) | Q(variant=Packet.Variant.CANDIDATE))
    )


@rule("packets.order_document", on="packets.Packet", reading=PACKET)
def order_document(person):
    return read_packet(person)
