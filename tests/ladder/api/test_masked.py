"""What programs are told of a masked hearing: no minute of its copy, and not by whose hand it came."""

import base64
import zlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from competencies.notices.models import Letter
from competencies.packets.convening import convene
from competencies.packets.models import Document, Packet
from ladder.pages.committees.emails import call_members
from tests.competencies.promotions.conftest import committee, proposed  # noqa: F401
from tests.scenes import scene


@scene
def hearing(proposed, committee, hana):  # noqa: F811
    hearing = convene(proposed, committee, by=hana, masked=True)
    return hearing


@pytest.fixture
def masked(hearing):
    return hearing.packets.get(variant="masked")


def read(cursor):
    """Return what anybody reads in a signed cursor, without a key; nothing of a sealed one."""
    body = cursor.partition(":")[0]
    try:
        data = base64.urlsafe_b64decode(body.lstrip(".") + "=" * (-len(body.lstrip(".")) % 4))
        return (zlib.decompress(data) if body.startswith(".") else data).decode()
    except (ValueError, zlib.error):
        return ""


def test_the_document_of_a_masked_copy_tells_the_day_alone(holding, masked, noor):
    Document.objects.create(
        packet=masked, file="a.pdf", sha256="0" * 64, pages=1, size=1, at=masked.at + timedelta(seconds=5)
    )

    told = holding(noor).get(f"packets/{masked.pk}/").json()

    assert told["at"] == told["document"]["at"]
    assert told["document"]["at"].partition("T")[2].startswith("00:00:00")


def test_the_edge_of_a_page_of_packets_tells_no_minute(holding, masked, proposed, hana, noor):  # noqa: F811
    Packet.freeze(proposed, by=hana, variant="masked", hearing=masked.hearing)
    first = holding(noor).get("packets/?page_size=1").json()
    assert first["next"] is None  # of one hearing there is one masked copy
    several = holding(hana).get("packets/?page_size=1").json()

    [cursor] = parse_qs(urlsplit(several["next"]).query)["after"]

    assert ":" not in read(cursor)
    assert f"{masked.at:%Y-%m-%d}" not in read(cursor)


def test_who_is_called_to_a_masked_hearing_is_not_told_by_whom(holding, hearing, noor, hana):
    """As the masked copy itself does not say who froze it."""
    call_members(hearing, by=hana, site="https://ladder.example")
    letter = Letter.objects.get(kind="call", receiver=noor)

    assert holding(noor).get(f"letters/{letter.pk}/").json()["by"] is None
    assert holding(hana).get(f"letters/{letter.pk}/").json()["by"]["name"] == "Hana"
