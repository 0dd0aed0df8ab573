"""A hearing without names: nothing that its members are shown says whose case it is."""

import re

import pytest
from django.core import mail

from competencies.people.models import Person
from competencies.trail.models import Entry
from ladder.jobs.performing import perform
from tests.scenes import scene

from .conftest import words

pytestmark = pytest.mark.usefixtures("described")  # before his case goes anywhere
IDENTIFIERS = ("Sam", "sam@testing", "they/them", "Payments", "E-4711", "Mara", "mara@testing")


@scene
def described(sam):
    Person.objects.filter(pk=sam.pk).update(pronouns="they/them", team="Payments", number="E-4711")


def found_in(text):
    """Return who is named in a text. Letters inside a word, as of a token by chance, name nobody."""
    return [
        one for one in IDENTIFIERS if re.search(rf"(?<![a-zA-Z0-9]){re.escape(one)}(?![a-zA-Z0-9])", text)
    ]


def test_no_page_of_a_member_names_the_candidate_or_their_line(signed_in, masked, kit, vote):
    client, packet = signed_in(kit), masked.packets.get(variant="masked")
    addresses = [
        "/",
        "/committees/",
        masked.committee.get_absolute_url(),
        masked.get_absolute_url(),
        *(f"/hearings/{masked.pk}/{noun}/" for noun in ("casting", "recusal", "unmasking")),
        packet.get_absolute_url(),
    ]
    seated = "Mara"  # who sits in the committee, whatever it hears
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        told = words(response) + str(response.headers)
        if address == masked.committee.get_absolute_url():
            told = told.replace(seated, "")
        assert found_in(told) == [], address
    assert "Candidate, Senior to Staff" in words(client.get(masked.get_absolute_url()))


def test_nor_once_ballots_are_open_and_it_is_decided(signed_in, masked, kit, noor, hana, vote, decide):
    masked = vote(masked, noor="promote", kit="promote", stella="promote")
    client = signed_in(noor)
    assert found_in(words(client.get(f"/hearings/{masked.pk}/decision/"))) == []
    decision = decide(masked, by=noor)
    assert found_in(words(client.get(masked.get_absolute_url()))) == []
    assert found_in(words(client.get("/"))) == []
    decision.publish(by=hana)
    assert found_in(words(client.get(masked.get_absolute_url()))) == []


def test_the_case_and_the_named_copy_are_not_theirs(signed_in, masked, kit):
    client = signed_in(kit)
    for packet in masked.packets.exclude(variant="masked"):
        assert client.get(packet.get_absolute_url()).status_code == 404
    assert client.get(masked.case.get_absolute_url()).status_code == 404


def test_nor_does_the_trail_of_what_they_did_themselves(signed_in, masked, kit, vote):
    client, packet = signed_in(kit), masked.packets.get(variant="masked")
    client.get(masked.get_absolute_url())
    client.get(packet.get_absolute_url())
    vote(masked, kit="promote")

    for address in ("/api/v1/trail/", "/api/v1/packets/", f"/api/v1/packets/{packet.pk}/", "/api/v1/cases/"):
        assert found_in(client.get(address).content.decode()) == [], address
    assert Entry.objects.filter(actor=kit, about=masked.case.subject).exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_unmasking_needs_a_reason(signed_in, masked, kit, reason):
    response = signed_in(kit).post(f"/hearings/{masked.pk}/unmasking/", {"reason": reason})

    assert response.status_code == 422
    assert not masked.unmaskings.exists()


def test_it_is_on_record_and_holds_for_one_alone(signed_in, masked, kit, noor, hana):
    address = f"/hearings/{masked.pk}/unmasking/"
    client = signed_in(kit)
    response = client.post(address, {"reason": "The work names itself."})

    assert response.url == masked.get_absolute_url()
    page = words(client.get(masked.get_absolute_url()))
    assert "Sam, Senior to Staff" in page
    assert "That is on record" in page
    assert client.get(masked.packets.get(variant="committee").get_absolute_url()).status_code == 200
    assert client.get(address).status_code == 404
    assert Entry.objects.filter(action="hearing.unmasked", actor=kit).exists()
    assert found_in(words(signed_in(noor).get(masked.get_absolute_url()))) == []
    assert "The work names itself." in words(signed_in(hana).get(masked.get_absolute_url()))
    assert "The work names itself." not in words(signed_in(noor).get(masked.get_absolute_url()))


@pytest.mark.parametrize("who", ["sam", "mara", "leo", "hana", "otto"])
def test_nobody_else_unmasks(request, signed_in, masked, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.post(f"/hearings/{masked.pk}/unmasking/", {"reason": "x"}).status_code == 404


def test_there_is_nothing_to_unmask_in_an_open_hearing(signed_in, hearing, kit):
    assert signed_in(kit).get(f"/hearings/{hearing.pk}/unmasking/").status_code == 404


def test_the_document_has_a_name_that_names_nobody(signed_in, masked, kit, hana, work, mailoutbox):
    packet = masked.packets.get(variant="masked")
    perform.call(packet.orders.get().job_id)
    response = signed_in(kit).get(f"/packets/{packet.pk}/packet.pdf")

    assert response.status_code == 200
    assert found_in(response.headers["Content-Disposition"]) == []
    assert "sam" not in response.headers["Content-Disposition"].casefold()
    assert mail.outbox == []
