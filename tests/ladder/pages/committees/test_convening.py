"""Bringing a case before a committee: who would answer it, and calling them."""

import pytest
from django.core import mail

from competencies.packets.models import Packet
from competencies.promotions.models import Appeal, Committee, Hearing
from tests.conftest import HTMX

from .conftest import words


@pytest.fixture
def address(proposed):
    return f"/cases/{proposed.pk}/convening/"


def test_it_says_first_who_would_sit_and_who_would_not(signed_in, address, committee, hana):
    page = words(signed_in(hana).get(f"{address}?committee={committee.pk}"))

    assert "Recused: sponsor of the case" in page
    assert "3; 3 can vote" in page
    assert not Hearing.objects.exists()


def test_without_a_quorum_or_a_chair_nobody_can_be_called(signed_in, address, committee, hana, kit, mara):
    client = signed_in(hana)
    committee.seat(mara, chair=True, by=hana)
    page = words(client.get(f"{address}?committee={committee.pk}"))
    assert "This committee has no chair who can vote on this case." in page
    committee.unseat(kit, by=hana)
    page = words(client.get(f"{address}?committee={committee.pk}"))
    assert "Members who can vote: 2. The quorum is 3." in page
    assert "Convene committee" not in page
    assert client.post(address, {"committee": committee.pk}).status_code == 422
    assert not Hearing.objects.exists()


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_the_committee_is_called_and_its_copies_are_frozen(
    signed_in, address, committee, hana, headers, proposed
):
    response = signed_in(hana).post(address, {"committee": committee.pk}, headers=headers)

    hearing = Hearing.objects.get()
    assert response.url == hearing.get_absolute_url()
    assert [packet.variant for packet in hearing.packets.all()] == [Packet.Variant.COMMITTEE]
    assert all(packet.orders.exists() for packet in hearing.packets.all())
    assert not hearing.masked


def test_a_masked_hearing_has_a_masked_copy_too(signed_in, address, committee, hana):
    signed_in(hana).post(address, {"committee": committee.pk, "masked": "on"})

    hearing = Hearing.objects.get()
    assert hearing.masked
    assert {packet.variant for packet in hearing.packets.all()} == {"committee", "masked"}


def test_who_of_hr_has_a_seat_is_told_to_answer_only_where_names_are_shown(
    signed_in, address, committee, hana, kit
):
    committee.unseat(kit, by=hana)
    committee.seat(hana, by=hana)
    client = signed_in(hana)

    page = words(client.get(f"{address}?committee={committee.pk}"))
    assert "HR administrator: can’t vote if the case is anonymised" in page
    assert "3; 3 can vote, 2 if the case is anonymised" in page

    assert "Without its HR administrators, this committee lacks a quorum or a chair." in page
    refused = client.post(address, {"committee": committee.pk, "masked": "on"})
    assert refused.status_code == 422
    assert "Members who can vote on this case: 2. The quorum is 3." in words(refused)
    client.post(address, {"committee": committee.pk})
    assert "Hana" in [member.person.name for member in Hearing.objects.get().members.sitting()]


def test_those_who_answer_get_a_letter_that_names_nobody(
    signed_in, address, committee, hana, work, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(hana).post(address, {"committee": committee.pk, "masked": "on"})
    work()

    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "kit@testing.example",
        "noor@testing.example",
        "stella@testing.example",
    ]
    for letter in mail.outbox:
        assert Hearing.objects.get().get_absolute_url() in letter.body
        assert "Sam" not in str(letter.message())


class TestAMemberForThisCase:
    @pytest.fixture
    def short(self, address, committee, hana, kit):
        """The address at which a committee is chosen that lacks one member."""
        committee.unseat(kit, by=hana)
        return f"{address}?committee={committee.pk}"

    def test_is_added_where_the_quorum_fails(self, signed_in, short, address, committee, hana, leo):
        client = signed_in(hana)
        assert "Add a member for this case" in words(client.get(short))

        page = words(client.get(f"{short}&person={leo.email}"))

        assert "Member for this case only" in page
        assert "3; 3 can vote" in page
        assert f'name="also" value="{leo.pk}"' in page
        assert not Hearing.objects.exists()
        client.post(address, {"committee": committee.pk, "also": [leo.pk]})
        assert "Leo" in [member.person.name for member in Hearing.objects.get().members.sitting()]

    @pytest.mark.parametrize(
        ("who", "because"),
        [("sam", "the candidate"), ("dora", "reporting line"), ("noor", "is already a member on this case")],
    )
    def test_is_nobody_whom_a_rule_bars_or_who_has_a_seat(
        self, request, signed_in, short, hana, who, because
    ):
        response = signed_in(hana).get(f"{short}&person={request.getfixturevalue(who).email}")

        assert response.status_code == 422
        assert because in words(response)
        assert 'name="also"' not in words(response)

    def test_is_found_by_typing(self, signed_in, short, hana, leo):
        page = words(signed_in(hana).get(f"{short}&person=leo", headers=HTMX))

        assert leo.email in page
        assert "<html" not in page

    @pytest.mark.parametrize("sent", ["x", "999999999", "99999999999999999999", "-1"])
    def test_what_is_no_person_adds_nobody(self, signed_in, short, hana, sent):
        page = words(signed_in(hana).get(f"{short}&also={sent}"))

        assert "Members who can vote: 2. The quorum is 3." in page

    def test_whom_a_rule_bars_is_refused_also_by_post(self, signed_in, short, address, committee, hana, dora):
        response = signed_in(hana).post(address, {"committee": committee.pk, "also": [dora.pk]})

        assert response.status_code == 422
        assert "Dora can’t vote on this case" in words(response)
        assert not Hearing.objects.exists()

    def test_the_chair_is_told_by_a_letter_that_names_no_candidate(
        self, signed_in, short, address, committee, hana, leo, noor, work, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            signed_in(hana).post(address, {"committee": committee.pk, "also": [leo.pk], "masked": "on"})
        work()

        (told,) = [letter for letter in mail.outbox if "added" in letter.subject]
        assert told.to == [noor.email]
        assert "for that case only: Leo" in told.body
        assert "Sam" not in str(told.message())
        assert leo.email in {letter.to[0] for letter in mail.outbox}


def test_no_committee_yet_says_where_to_found_one(signed_in, address, hana):
    assert "No committees yet" in words(signed_in(hana).get(address))


@pytest.mark.parametrize("who", ["mara", "sam", "dora", "kit", "otto"])
def test_nobody_else_convenes(request, signed_in, address, committee, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(address).status_code == 404
    assert client.post(address, {"committee": committee.pk}).status_code == 404


def test_an_appeal_goes_before_others(
    signed_in, hearing, vote, decide, hana, noor, sam, leo, aude, otto, committee
):
    hearing = vote(hearing, noor="decline", kit="decline", stella="decline")
    decide(hearing, "decline", by=noor).publish(by=hana)
    Appeal.lodge(hearing.case, "The second team was left out.", by=sam)
    panel = Committee.found("Panel", by=hana)
    panel.seat(leo, chair=True, by=hana)
    for person in (aude, otto):
        panel.seat(person, by=hana)
    client, address = signed_in(hana), f"/cases/{hearing.case_id}/convening/"
    assert "Recused: sat in the first hearing" in words(client.get(f"{address}?committee={committee.pk}"))
    response = client.post(address, {"committee": panel.pk})

    again = Hearing.objects.get(stage="appeal")
    assert response.url == again.get_absolute_url()
    assert "The second team was left out." in words(signed_in(leo).get(again.get_absolute_url()))
