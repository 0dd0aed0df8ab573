"""Convening: a case goes before a committee, which reads the copy that is frozen in that instant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from competencies.promotions.models import Committee, Hearing, PromotionCase

from .models import Packet
from .orders import order

if TYPE_CHECKING:
    from competencies.people.models import Person


@transaction.atomic
def convene(
    case: PromotionCase,
    committee: Committee,
    *,
    by: Person,
    masked: bool | None = None,
    also: Sequence[Person] = (),
) -> Hearing:
    """Bring `case` before `committee`, freeze what its members read and order it; return the `Hearing`.

    `also` are people whom HR calls besides, for this case alone.

    In a masked hearing they read the masked copy; the other one is there for whoever unmasks it with a
    reason. Refuses as `Hearing.empanel` does.
    """
    hearing = Hearing.empanel(case, committee, by=by, masked=masked, also=also)
    variants = [Packet.Variant.COMMITTEE, *([Packet.Variant.MASKED] if hearing.masked else [])]
    packets = [Packet.freeze(case, by=by, variant=variant, hearing=hearing) for variant in variants]
    for packet in packets:
        order(packet, by=by)
    return hearing
