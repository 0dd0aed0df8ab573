"""Releasing: decisions go out at one instant, and with each the copies that stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from competencies.core.clock import now

from .models import Packet
from .orders import order

if TYPE_CHECKING:
    from competencies.people.models import Person
    from competencies.promotions.models import Decision


COPIES = (Packet.Variant.CANDIDATE, Packet.Variant.ARCHIVE)


@transaction.atomic
def release(decisions: Sequence[Decision], *, by: Person) -> list[Packet]:
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
