"""The ballot of a member: written alone, cast once, opened with the others."""

import pytest
from django.core import mail

from competencies.promotions.models import Ballot, Casting, Hearing
from competencies.trail.models import Entry
from tests.conftest import HTMX

from .conftest import words


@pytest.fixture
def ballot(hearing):
    return f"/hearings/{hearing.pk}/ballot/"


@pytest.fixture
def casting(hearing):
    return f"/hearings/{hearing.pk}/casting/"


def read(signed_in, person, hearing):
    return signed_in(person).get(hearing.get_absolute_url())


class TestTheHearing:
    def test_those_who_answer_and_hr_read_it(self, signed_in, hearing, kit, hana):
        for person in (kit, hana):
            page = words(read(signed_in, person, hearing))
            assert "Sam, Senior to Staff" in page
            assert "Noor" in page
        assert 'name="vote"' in words(read(signed_in, kit, hearing))
        assert 'name="vote"' not in words(read(signed_in, hana, hearing))

    @pytest.mark.parametrize("who", ["sam", "mara", "dora", "leo", "otto"])
    def test_nobody_else_does(self, request, signed_in, hearing, who):
        assert read(signed_in, request.getfixturevalue(who), hearing).status_code == 404

    def test_what_the_level_asks_stands_beside_each_reason(self, signed_in, hearing, kit):
        response = read(signed_in, kit, hearing)
        asked = response.context["asked"]
        assert len(asked) == 15
        assert asked[0]["row"]["to_summary"] in words(response)

    def test_its_queries_do_not_depend_on_how_many_answer(
        self, signed_in, hearing, hana, kit, leo, aude, otto, count_queries
    ):
        few = count_queries(signed_in(kit), hearing.get_absolute_url())
        for person in (leo, aude, otto):
            hearing.call(person, by=hana)
        assert count_queries(signed_in(kit), hearing.get_absolute_url()) == few

    def test_the_case_stands_beside_the_ballot_of_those_who_vote(self, signed_in, hearing, kit, hana):
        (packet,) = hearing.packets.all()

        assert f'hx-get="/packets/{packet.pk}/sheet/"' in words(read(signed_in, kit, hearing))
        assert "/sheet/" not in words(read(signed_in, hana, hearing))

    @pytest.mark.parametrize("named", [False, True])
    def test_where_names_are_hidden_the_copy_without_them_does(self, signed_in, masked, kit, named):
        if named:
            masked.unmask("I may know them.", by=kit)
        packets = {packet.variant: packet for packet in masked.packets.all()}
        shown, other = (
            packets["committee" if named else "masked"],
            packets["masked" if named else "committee"],
        )
        page = words(read(signed_in, kit, masked))

        assert f"/packets/{shown.pk}/sheet/" in page
        assert f"/packets/{other.pk}/sheet/" not in page
        sheet = words(signed_in(kit).get(f"/packets/{shown.pk}/sheet/", headers=HTMX))
        assert ("Sam" in sheet) is named
        assert "<html" not in sheet
        assert "<h1" not in sheet


class TestWriting:
    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_what_is_typed_is_kept(self, signed_in, ballot, hearing, kit, headers, competencies):
        key = competencies[0].key
        sent = {"version": 0, "vote": "promote", "reason": "So far.", f"note-{key}": "Seen twice."}
        response = signed_in(kit).post(ballot, sent, headers=headers)

        kept = Ballot.objects.get()
        assert (kept.vote, kept.reason, kept.notes) == ("promote", "So far.", {key: "Seen twice."})
        if headers:
            assert response.status_code == 200
            assert 'name="version" value="1"' in words(response)
        else:
            assert response.url == f"{hearing.get_absolute_url()}#ballot"
        page = words(read(signed_in, kit, hearing))
        assert "So far." in page
        assert "Seen twice." in page

    def test_nothing_is_cast_without_a_vote_and_a_reason(self, signed_in, ballot, casting, hearing, kit):
        client = signed_in(kit)
        assert "Review and cast" not in words(read(signed_in, kit, hearing))
        assert "Choose your vote." in words(client.get(casting))
        assert "Cast ballot </button>" not in words(client.get(casting))

        half = client.post(ballot, {"version": 0, "vote": "promote", "reason": ""}, headers=HTMX)
        assert 'id="ballot-dock" hx-swap-oob="true"' in words(half)
        assert "Give a reason for your vote" in words(half)
        assert "Review and cast" not in words(half)

        whole = client.post(ballot, {"version": 1, "vote": "promote", "reason": "So."}, headers=HTMX)
        assert "Review and cast" in words(whole)
        assert "Review and cast" in words(read(signed_in, kit, hearing))

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_two_tabs_lose_nothing(self, signed_in, ballot, kit, headers, competencies):
        note = f"note-{competencies[0].key}"
        client = signed_in(kit)
        client.post(ballot, {"version": 0, "vote": "promote", "reason": "One.", note: "First."})
        sent = {"version": 0, "vote": "decline", "reason": "Two.", note: "Second."}
        response = client.post(ballot, sent, headers=headers)

        assert response.status_code == 422
        page = words(response)
        for text in ("One.", "Two.", "First.", "Second.", "Promote", "Decline"):
            assert text in page
        assert Ballot.objects.get().reason == "One."
        assert client.post(ballot, sent | {"over": 1}, headers=headers).status_code in (200, 302)
        assert Ballot.objects.get().reason == "Two."

    @pytest.mark.parametrize("sent", [{"vote": "perhaps"}, {"reason": "x" * 20_001}])
    def test_a_shape_that_is_wrong_is_said(self, signed_in, ballot, kit, sent):
        response = signed_in(kit).post(ballot, {"version": 0, **sent}, headers=HTMX)

        assert response.status_code == 422
        assert not Ballot.objects.exists()

    @pytest.mark.parametrize("who", ["sam", "mara", "dora", "leo", "hana", "otto"])
    def test_nobody_else_writes_or_casts(self, request, signed_in, ballot, casting, who):
        client = signed_in(request.getfixturevalue(who))
        for address in (ballot, casting):
            assert client.post(address, {"version": 0, "vote": "promote", "reason": "x"}).status_code == 404

    def test_reading_writes_nothing(self, signed_in, ballot, casting, kit):
        assert signed_in(kit).get(ballot).status_code == 302
        assert signed_in(kit).get(casting).status_code == 200
        assert not Ballot.objects.exists()


class TestCasting:
    def test_one_looks_it_over_first(self, signed_in, ballot, casting, kit):
        client = signed_in(kit)
        client.post(ballot, {"version": 0, "vote": "not-yet", "reason": "One team only."})
        page = words(client.get(casting))

        assert "One team only." in page
        assert "nobody can change it" in page
        assert "Noor, Stella" in page

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_then_it_is_in_for_good(self, signed_in, ballot, casting, hearing, kit, headers):
        client = signed_in(kit)
        client.post(ballot, {"version": 0, "vote": "not-yet", "reason": "One team only."})
        response = client.post(casting, headers=headers)

        assert response.url == hearing.get_absolute_url()
        assert Casting.objects.count() == 1
        assert "You cast your ballot on" in words(client.get(hearing.get_absolute_url()))

    def test_who_casts_it_again_from_another_tab_is_told_that_it_is_in(
        self, signed_in, ballot, casting, hearing, kit
    ):
        client = signed_in(kit)
        client.post(ballot, {"version": 0, "vote": "not-yet", "reason": "One team only."})
        client.post(casting)
        for again in (client.post, client.get):
            response = again(casting, follow=True)
            assert response.redirect_chain == [(hearing.get_absolute_url(), 302)]
            assert "You have already cast your ballot." in words(response)
        assert Casting.objects.count() == 1

    def test_of_two_tabs_at_the_same_instant_the_second_is_told_too(
        self, signed_in, ballot, casting, hearing, kit, monkeypatch
    ):
        client = signed_in(kit)
        client.post(ballot, {"version": 0, "vote": "not-yet", "reason": "One team only."})
        cast = Hearing.cast

        def after_another(self, *, by):
            monkeypatch.undo()
            cast(Hearing.objects.get(pk=self.pk), by=by)
            return cast(self, by=by)

        monkeypatch.setattr(Hearing, "cast", after_another)
        assert client.post(casting).url == hearing.get_absolute_url()
        assert "You have already cast your ballot." in words(client.get(hearing.get_absolute_url()))

    def test_who_reads_the_hearing_without_a_ballot_has_nothing_to_cast(self, signed_in, casting, hana):
        before = Entry.objects.count()
        assert signed_in(hana).get(casting).status_code == 404
        assert signed_in(hana).post(casting).status_code == 404
        assert Entry.objects.count() == before

    @pytest.mark.parametrize("sent", [None, {"vote": ""}, {"vote": "promote", "reason": " "}])
    def test_without_a_vote_or_a_reason_it_is_refused(self, signed_in, ballot, casting, kit, sent):
        client = signed_in(kit)
        if sent is not None:
            client.post(ballot, {"version": 0, **sent})
        response = client.post(casting)

        assert response.status_code == 422
        assert "Choose your vote." in words(response) or "Give a reason for your vote" in words(response)
        assert not Casting.objects.exists()

    def test_a_blind_ballot_is_in_no_page_of_anybody_else_before_all_are_in(
        self, signed_in, hearing, vote, kit, noor, stella, hana, mara, sam, dora, otto
    ):
        hearing.write(by=kit, version=0, vote="decline", reason="canary-of-kit")
        hearing.cast(by=kit)
        hearing.write(by=noor, version=0, vote="promote", reason="canary-of-noor")
        for person in (noor, stella, hana, mara, sam, dora, otto):
            for address in (
                hearing.get_absolute_url(),
                f"/hearings/{hearing.pk}/casting/",
                f"/hearings/{hearing.pk}/decision/",
                hearing.committee.get_absolute_url(),
                hearing.case.get_absolute_url(),
                "/committees/",
                "/",
                "/trail/",
            ):
                page = words(signed_in(person).get(address))
                assert "canary-of-kit" not in page, (person, address)
                assert person == noor or "canary-of-noor" not in page, (person, address)
        hearing.cast(by=noor)
        vote(hearing, stella="promote")
        for person in (kit, noor, stella, hana):
            page = words(read(signed_in, person, hearing))
            assert "canary-of-kit" in page
            assert "canary-of-noor" in page
        for person in (mara, sam, dora, otto):
            assert "canary" not in words(signed_in(person).get(hearing.case.get_absolute_url()))

    def test_the_page_says_who_is_awaited_and_not_what_anybody_voted(self, signed_in, hearing, vote, hana):
        vote(hearing, kit="decline")
        page = words(read(signed_in, hana, hearing))

        assert page.count("Not voted yet") == 2
        assert "Decline" not in page


class TestOpened:
    def test_both_sides_stand_side_by_side(self, signed_in, hearing, vote, kit, noor, stella, competencies):
        key = competencies[0].key
        for person, text in ((kit, "Once."), (noor, "Twice.")):
            hearing.write(by=person, version=0, vote="promote", reason="Yes.", per_competency={key: text})
            hearing.cast(by=person)
        vote(hearing, stella="promote")
        page = words(read(signed_in, kit, hearing))

        assert "Majority: Promote" in page
        assert page.index("Once.") < page.index("Twice.")
        assert competencies[0].title in page

    def test_the_second_ballot_has_ones_first_beside_it(self, signed_in, hearing, vote, kit):
        hearing = vote(hearing, noor="promote", kit="decline", stella="promote")
        page = words(read(signed_in, kit, hearing))

        assert "Your second ballot" in page
        assert "Your first ballot" in page
        assert "kit thinks so." in page

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_notes_are_made_and_stay(self, signed_in, voted, kit, headers):
        client, address = signed_in(kit), f"/hearings/{voted.pk}/remarks/"
        response = client.post(address, {"text": "What of the second team?"}, headers=headers)

        assert response.status_code == (200 if headers else 302)
        assert "What of the second team?" in words(client.get(voted.get_absolute_url()))
        assert client.post(address, {"text": " "}, headers=headers).status_code == 422
        assert client.get(address).status_code == 302

    @pytest.mark.parametrize("who", ["sam", "mara", "leo", "otto"])
    def test_not_by_others_and_not_before(self, request, signed_in, voted, who):
        client = signed_in(request.getfixturevalue(who))
        assert client.post(f"/hearings/{voted.pk}/remarks/", {"text": "x"}).status_code == 404

    def test_not_before_ballots_are_open(self, signed_in, hearing, kit):
        assert signed_in(kit).post(f"/hearings/{hearing.pk}/remarks/", {"text": "x"}).status_code == 404


class TestMembers:
    def test_one_steps_aside_and_the_room_is_closed(self, signed_in, hearing, kit):
        client, address = signed_in(kit), f"/hearings/{hearing.pk}/recusal/"
        assert client.get(address).status_code == 200
        assert client.post(address, {"reason": ""}).status_code == 422
        response = client.post(address, {"reason": "We are married."})

        assert response.url == "/committees/"
        assert client.get(hearing.get_absolute_url()).status_code == 404
        packet = hearing.packets.get()
        assert client.get(packet.get_absolute_url()).status_code == 404

    def test_only_hr_reads_why(self, signed_in, hearing, kit, noor, hana):
        hearing.step_aside("We are married.", by=kit)

        assert "We are married." in words(read(signed_in, hana, hearing))
        assert "We are married." not in words(read(signed_in, noor, hearing))

    def test_hr_calls_another(self, signed_in, hearing, hana, leo, mara):
        client, address = signed_in(hana), f"/hearings/{hearing.pk}/members/"
        assert "leo@testing.example" in words(client.get(f"{address}?person=leo", headers=HTMX))
        assert client.post(address, {"person": "Leo"}).url == hearing.get_absolute_url()
        assert "Leo" in words(read(signed_in, hana, hearing))
        for person in ("Sam", "Kit", "Nobody"):
            response = client.post(address, {"person": person})
            assert response.status_code == 422
            assert response.context["call_form"].errors.keys() == {"person"}

    def test_below_the_quorum_hr_is_told_to_add_one(self, signed_in, hearing, hana, kit, leo):
        client = signed_in(hana)
        assert "Ballots can’t open" not in words(client.get(hearing.get_absolute_url()))

        hearing.step_aside("We are related.", by=kit)
        assert "Members who can vote: 2. The quorum is 3." in words(client.get(hearing.get_absolute_url()))

        hearing.call(leo, by=hana)
        page = words(client.get(hearing.get_absolute_url()))
        assert "Ballots can’t open" not in page
        assert "Member for this case only" in page

    def test_the_chair_is_told_of_a_member_who_was_added(
        self, signed_in, hearing, hana, leo, noor, work, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            signed_in(hana).post(f"/hearings/{hearing.pk}/members/", {"person": leo.email})
        work()

        letters = {letter.to[0]: letter.subject for letter in mail.outbox}
        assert letters.keys() == {leo.email, noor.email}
        assert "A member was added to your hearing" in letters[noor.email]

    def test_hr_goes_on_without_somebody(self, signed_in, hearing, hana, leo, kit):
        hearing.call(leo, by=hana)
        client, address = signed_in(hana), f"/hearings/{hearing.pk}/members/{leo.pk}/excusal/"
        assert client.get(address).status_code == 200
        assert client.post(address, {"ground": "absent", "reason": ""}).status_code == 422
        assert client.post(address, {"ground": "absent", "reason": "On leave."}).status_code == 302
        assert "Recused: could not take part" in words(read(signed_in, hana, hearing))

    @pytest.mark.parametrize("noun", ["members", "members/{stella}/excusal"])
    def test_members_do_neither(self, signed_in, hearing, kit, stella, noun):
        address = f"/hearings/{hearing.pk}/{noun.format(stella=stella.pk)}/"
        sent = {"person": "Leo", "reason": "x", "ground": "absent"}
        assert signed_in(kit).post(address, sent).status_code == 404
        assert Hearing.objects.get().members.count() == 4
