"""Releasing: decisions go out at one instant, and with each the copies that stay."""

from django.db import transaction

from competencies.core.clock import now

from .models import Packet
from .orders import order

COPIES = (Packet.Variant.CANDIDATE, Packet.Variant.ARCHIVE)


@transaction.atomic
def release(decisions, *, by):
    """Release `decisions` at one instant, freeze the candidate's and the archive's copy and order them.

    Returns the packets. All of them, or nothing: refuses as `Decision.publish` does.
    """
    at = now()
    for decision in decisions:
        decision.publish(by=by, at=at)
    packets = [
        Packet.freeze(decision.case, by=by, variant=variant, hearing=decision.hearing)
        for decision in decisions
        for variant in COPIES
    ]
    for packet in packets:
        order(packet, by=by)
    return packets
