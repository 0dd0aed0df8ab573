"""Orders of documents: the row says which document is due, and whatever makes documents is called with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from competencies.people.models import Person

    from .models import Order, Packet


Maker = Callable[["Order"], object]

_makers: list[Maker] = []


def makes_documents(maker: Maker) -> Maker:
    """Register `maker(order)`, which is called with each `Order` of a document."""
    _makers.append(maker)
    return maker


@transaction.atomic
def order(packet: Packet, *, by: Person) -> Order:
    """Order the document of `packet`, for the first time or again; return the `Order`.

    Refuses with `NotNow` once the document is there.
    """
    ordered = packet.order(by=by)
    for maker in _makers:
        maker(ordered)
    return ordered
