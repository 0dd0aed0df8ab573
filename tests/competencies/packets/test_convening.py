"""A case goes before a committee, and a decision out, with the documents ordered: as rows, in one step."""

import pytest

from competencies.packets import orders
from competencies.packets.convening import convene
from competencies.packets.models import Order, Packet
from competencies.packets.releasing import release
from competencies.promotions.models import Hearing
from tests.conftest import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    """The orders of which whatever makes documents is told."""
    told = []
    monkeypatch.setattr(orders, "_makers", [told.append])
    return told


@pytest.mark.parametrize(("masked", "variants"), [(False, ["committee"]), (True, ["committee", "masked"])])
def test_what_members_read_is_frozen_and_ordered(proposed, committee, hana, told, masked, variants):
    hearing = convene(proposed, committee, by=hana, masked=masked)

    ordered = Order.objects.order_by("pk").select_related("packet")
    assert [order.packet.variant for order in ordered] == variants
    assert {order.by for order in ordered} == {hana}
    assert {order.packet.hearing for order in ordered} == {hearing}
    assert told == list(ordered)


def test_what_cannot_be_ordered_leaves_no_hearing(proposed, committee, hana, monkeypatch):
    def fail(order):
        raise OSError("the queue is full")

    monkeypatch.setattr(orders, "_makers", [fail])
    with pytest.raises(OSError, match="queue"):
        convene(proposed, committee, by=hana)

    assert not Hearing.objects.exists()
    assert not Packet.objects.exists()


@pytest.mark.usefixtures("noor", "kit", "stella")
def test_a_released_decision_leaves_two_copies_ordered(proposed, hana, told):
    packets = release([decide(proposed, "decline", by=hana, release=False)], by=hana)

    assert [packet.variant for packet in packets] == ["candidate", "archive"]
    assert [order.packet for order in told] == packets
    assert Order.objects.count() == 2
