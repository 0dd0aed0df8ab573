"""Sam's whole record, and Sam leaving."""

from datetime import timedelta

import pytest

from competencies.core.clock import today
from competencies.packets.models import Packet
from competencies.people.models import Token
from tests.conftest import decide
from tests.scenes import scene


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """Files go into folders of the test's own."""
    settings.PACKET_DIR, settings.EXPORT_DIR = tmp_path / "packets", tmp_path / "exports"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


@scene
def named(sam, mara):
    """Names by which people are known in texts: Sam and Mara with family names and staff numbers."""
    for person, name in ((sam, "Sam Canaryson"), (mara, "Mara Wagtail")):
        person.name, person.number = name, f"E-{person.pk:05d}"
        person.save()
    return sam


@scene
def whole(named, sam, mara, hana, revealed, full_case, evidence):
    """A record with something of every kind: a case decided, both copies of the packet, a token."""
    piece = evidence[0]
    piece.text, piece.link = "SECRETTEXT of sam canaryson.", "https://example.com/SECRETLINK"
    piece.save()
    full_case.propose(by=mara)
    decide(
        full_case, "decline", by=hana, rationale="SECRETRATIONALE", feedback="SECRETFEEDBACK, Sam Canaryson"
    )
    for variant in Packet.Variant.values:
        Packet.freeze(full_case, by=hana, variant=variant)
    Token.issue(sam, by=sam, label="SECRETLABEL")
    return sam


@pytest.fixture
def leaving():
    """A function that lets somebody have left: `leaving(sam)`."""

    def leave(person):
        person.leaves_on = today() - timedelta(days=1)
        person.save(update_fields=["leaves_on"])
        return person

    return leave
