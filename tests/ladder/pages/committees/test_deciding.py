"""The decision: recorded by the chair or HR, released at one instant, appealed against within its days."""

import re
from datetime import timedelta

import pytest

from competencies.core.clock import standing_at, today
from competencies.packets.models import Packet
from competencies.promotions.models import Appeal, Decision, DecisionDraft, PromotionCase, Release
from tests.conftest import HTMX
from tests.scenes import scene

from .conftest import words

SAID = {"rationale": "Shown for a year.", "feedback": "Read this first."}


@pytest.fixture
def address(voted):
    return f"/hearings/{voted.pk}/decision/"


@pytest.fixture
def decided(voted, decide, noor):
    return decide(voted, by=noor, rationale="Reasons of the room.")


@scene
def refused(hearing, vote, decide, noor, hana):
    """Sam's case, declined, and out."""
    hearing = vote(hearing, noor="not-yet", kit="not-yet", stella="not-yet")
    decide(hearing, "not-yet", by=noor).publish(by=hana)
    return PromotionCase.objects.get(pk=hearing.case_id)


class TestRecording:
    def test_the_outcome_is_that_of_the_majority_and_explained(self, signed_in, address, noor):
        response = signed_in(noor).get(address)

        assert [value for value, _label in response.context["form"].fields["outcome"].choices] == ["promote"]
        assert "The majority voted for “Promote”" in words(response)
        assert "noor thinks so." in words(response)

    def test_without_a_majority_nobody_is_promoted(self, signed_in, hearing, vote, noor):
        vote(hearing, noor="promote", kit="not-yet", stella="decline")
        hearing = vote(hearing, noor="promote", kit="not-yet", stella="decline")
        form = signed_in(noor).get(f"/hearings/{hearing.pk}/decision/").context["form"]

        assert [value for value, _label in form.fields["outcome"].choices] == ["not-yet", "decline"]

    def test_what_changed_since_it_was_looked_over_is_not_recorded(self, signed_in, address, voted, noor):
        client = signed_in(noor)
        client.post(address, {"version": 0, "outcome": "promote", **SAID})
        [seen] = re.findall(r'name="seen" value="(\d+)"', client.get(f"{address}recording/").content.decode())
        client.post(address, {"version": seen, "outcome": "promote", **SAID, "feedback": "Something else."})

        response = client.post(f"{address}recording/", {"seen": seen})

        assert response.status_code == 422
        assert "The draft has changed since you looked it over." in words(response)
        assert "Something else." in words(response)
        assert not Decision.objects.exists()

    @pytest.mark.parametrize("who", ["noor", "hana"])
    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_the_chair_or_hr_writes_looks_over_and_records_it(
        self, request, signed_in, address, voted, who, headers, competencies
    ):
        client = signed_in(request.getfixturevalue(who))
        note = {f"note-{competencies[0].key}": "Two teams."}
        client.post(address, {"version": 0, "outcome": "promote", **SAID, **note}, headers=headers)
        assert not Decision.objects.exists()
        page = words(client.get(f"{address}recording/"))
        assert "nobody can change it, not even you" in page
        assert "Shown for a year." in page
        assert "Two teams." in page

        response = client.post(f"{address}recording/", headers=headers)

        assert response.url == voted.get_absolute_url()
        assert Decision.objects.get().notes == {competencies[0].key: "Two teams."}
        assert not DecisionDraft.objects.exists()
        assert "Not released yet" in words(client.get(response.url))

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    @pytest.mark.parametrize(
        ("sent", "told"),
        [
            ({"rationale": " "}, "Give the reasons for the decision."),
            ({"feedback": ""}, "Write the feedback that the candidate will read."),
            ({"outcome": ""}, "Choose the outcome."),
        ],
    )
    def test_what_is_missing_is_said_and_the_button_is_not_there(
        self, signed_in, address, noor, sent, told, headers
    ):
        client = signed_in(noor)
        sent = {"version": 0, "outcome": "promote", "conditions": "Typed with care.", **SAID, **sent}
        kept = client.post(address, sent, headers=headers)
        assert kept.status_code == (200 if headers else 302)
        page = words(client.get(address))
        assert told in page
        assert "Typed with care." in page
        assert "Review and record" not in page

        assert "Record decision </button>" not in words(client.get(f"{address}recording/"))
        response = client.post(f"{address}recording/")
        assert response.status_code == 422
        assert told in words(response)
        assert not Decision.objects.exists()

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    @pytest.mark.parametrize(
        "sent", [{"outcome": "decline"}, {"effective_on": "soon"}, {"rationale": "x" * 30_000}]
    )
    def test_a_shape_that_is_wrong_is_not_kept(self, signed_in, address, noor, sent, headers):
        typed = {"version": 0, "outcome": "promote", "conditions": "Typed with care.", **SAID, **sent}
        response = signed_in(noor).post(address, typed, headers=headers)

        assert response.status_code == 422
        assert headers or "Typed with care." in words(response)
        assert not DecisionDraft.objects.exists()

    def test_all_that_is_missing_is_said_at_once(self, signed_in, hearing, vote, noor):
        hearing = vote(hearing, noor="not-yet", kit="not-yet", stella="not-yet")
        address, client = f"/hearings/{hearing.pk}/decision/", signed_in(noor)
        client.post(address, {"version": 0, "outcome": "not-yet"})

        response = client.post(f"{address}recording/")

        assert response.status_code == 422
        for missing in ("rationale", "feedback", "conditions", "look_again_on"):
            assert f'<a href="{address}#id_{missing}">' in words(response)

    @pytest.mark.parametrize(
        ("sent", "told"),
        [
            ({"look_again_on": "2000-01-01", "conditions": "x"}, "Enter a date in the future"),
            ({"conditions": "x"}, "Enter a date in the future"),
            ({"look_again_on": (today() + timedelta(days=60)).isoformat()}, "Say what is missing."),
        ],
    )
    def test_not_yet_says_what_is_missing_and_when_to_look_again(
        self, signed_in, hearing, vote, noor, sent, told
    ):
        hearing = vote(hearing, noor="not-yet", kit="not-yet", stella="not-yet")
        address, client = f"/hearings/{hearing.pk}/decision/", signed_in(noor)
        client.post(address, {"version": 0, "outcome": "not-yet", **SAID, **sent})

        assert told in words(client.post(f"{address}recording/"))
        assert not Decision.objects.exists()

    def test_two_tabs_lose_nothing(self, signed_in, address, noor, competencies):
        client, note = signed_in(noor), f"note-{competencies[0].key}"
        client.post(address, {"version": 0, "outcome": "promote", **SAID, note: "First."})

        sent = {"version": 0, "outcome": "", **SAID, "rationale": "Otherwise.", note: "Second."}
        response = client.post(address, sent, headers=HTMX)

        assert response.status_code == 422
        for expected in ("Otherwise.", "Shown for a year.", "First.", "Second.", "Promote"):
            assert expected in words(response)
        assert DecisionDraft.objects.get().rationale == "Shown for a year."

    def test_a_draft_is_its_writers_alone(self, signed_in, address, voted, noor, hana, kit, sam):
        sent = {"version": 0, "outcome": "promote", "rationale": "Mine alone.", "feedback": "So far."}
        signed_in(noor).post(address, sent)

        assert "Mine alone." in words(signed_in(noor).get(address))
        assert "Mine alone." not in words(signed_in(hana).get(address))
        assert "Mine alone." not in words(signed_in(hana).get(f"{address}recording/"))
        for person in (noor, hana, kit):
            assert "Mine alone." not in words(signed_in(person).get(voted.get_absolute_url()))
            assert "Mine alone." not in words(signed_in(person).get("/"))

    @pytest.mark.parametrize("who", ["kit", "sam", "mara", "dora", "leo", "otto"])
    def test_nobody_else_records_it(self, request, signed_in, address, who):
        client = signed_in(request.getfixturevalue(who))
        assert client.get(address).status_code == 404
        assert client.post(address, {"outcome": "promote", **SAID}).status_code == 404
        assert client.get(f"{address}recording/").status_code == 404
        assert client.post(f"{address}recording/").status_code == 404

    def test_who_comes_second_is_told_that_it_is_recorded(
        self, signed_in, address, noor, hana, hearing, decide
    ):
        decide(hearing, by=noor)
        for person in (noor, hana):
            for where in (address, f"{address}recording/"):
                response = signed_in(person).post(where, {"outcome": "decline", **SAID}, follow=True)
                assert response.redirect_chain == [(hearing.get_absolute_url(), 302)]
                assert "The decision has already been recorded." in words(response)
                beside = signed_in(person).post(where, {"outcome": "decline", **SAID}, headers=HTMX)
                assert beside.status_code == 422
                assert "The decision has already been recorded." in words(beside)
        assert Decision.objects.get().outcome == "promote"

    def test_nor_before_all_ballots_are_open(self, signed_in, hearing, noor, hana):
        for person in (noor, hana):
            assert signed_in(person).get(f"/hearings/{hearing.pk}/decision/").status_code == 404

    def test_until_the_release_nobody_outside_reads_it(self, signed_in, decided, sam, mara, dora, otto):
        for person in (sam, mara, dora, otto):
            page = words(signed_in(person).get(decided.case.get_absolute_url()))
            assert "Reasons of the room." not in page
            assert "Read this first." not in page
            assert "Promoted" not in page


class TestReleasing:
    def test_hr_sees_what_would_happen(self, signed_in, decided, hana):
        page = words(signed_in(hana).get("/releases/"))
        assert "Sam" in page
        assert "Read this first." in page
        page = words(signed_in(hana).get(f"/releases/new/?decisions={decided.pk}"))
        assert "Release 1 decision" in page
        assert not Release.objects.exists()

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_it_goes_out_with_its_copies(self, signed_in, decided, hana, sam, mara, headers, levels):
        sent = {"decisions": [decided.pk], "count": 1}
        response = signed_in(hana).post("/releases/new/", sent, headers=headers)

        assert response.url == "/releases/"
        assert sam.placement_on().level == levels.staff
        copies = Packet.objects.filter(case=decided.case).exclude(variant="committee")
        assert {packet.variant for packet in copies} == {"candidate", "archive"}
        assert all(packet.orders.exists() for packet in copies)
        page = words(signed_in(sam).get(decided.case.get_absolute_url()))
        assert "Promoted" in page
        assert "Read this first." in page
        assert "Reasons of the room." not in page
        assert "Noor" not in page
        assert "Reasons of the room." in words(signed_in(mara).get(decided.case.get_absolute_url()))

    def test_the_copies_say_what_each_may(self, signed_in, decided, hana):
        signed_in(hana).post("/releases/new/", {"decisions": [decided.pk], "count": 1})
        copies = {row.variant: row.content for row in Packet.objects.filter(case=decided.case)}
        candidate, archive = copies["candidate"]["decision"], copies["archive"]["decision"]

        assert candidate["feedback"] == archive["feedback"] == "Read this first."
        assert (candidate["members"], candidate["rounds"], candidate["by"]) == ([], [], "")
        assert archive["members"] == ["Noor", "Kit", "Stella"]
        assert [row["member"] for row in archive["rounds"][0]] == ["Kit", "Noor", "Stella"]
        assert [row["member"] for row in archive["recusals"]] == ["Mara"]
        assert "noor thinks so." not in str(copies["candidate"])

    @pytest.mark.parametrize("sent", [{"count": 2}, {"count": ""}, {"count": "one"}, {"decisions": ["0"]}])
    def test_a_wrong_number_releases_nothing(self, signed_in, decided, hana, sent):
        response = signed_in(hana).post("/releases/new/", {"decisions": [decided.pk], "count": 1} | sent)

        assert response.status_code == 422
        assert not Release.objects.exists()

    @pytest.mark.parametrize("who", ["noor", "sam", "mara", "dora", "otto"])
    def test_nobody_else_releases(self, request, signed_in, decided, who):
        client = signed_in(request.getfixturevalue(who))
        assert client.get("/releases/").status_code == 404
        assert client.get("/releases/new/").status_code == 404
        assert client.post("/releases/new/", {"decisions": [decided.pk], "count": 1}).status_code == 404

    def test_an_empty_list_says_so(self, signed_in, hana):
        assert "Nothing to release" in words(signed_in(hana).get("/releases/"))
        assert "No decisions selected" in words(signed_in(hana).get("/releases/new/"))


class TestAppealing:
    def test_the_candidate_appeals_within_the_days(self, signed_in, refused, sam):
        client, address = signed_in(sam), f"/cases/{refused.pk}/appeal/"
        page = words(client.get(refused.get_absolute_url()))
        assert "Open to appeal until" in page
        assert "What is missing" in page
        assert client.get(address).status_code == 200
        response = client.post(address, {"grounds": "The second team was left out."})

        assert response.url == refused.get_absolute_url()
        page = words(client.get(refused.get_absolute_url()))
        assert "Appealed" in page
        assert "The second team was left out." in page
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_grounds_are_given(self, signed_in, refused, sam, headers):
        response = signed_in(sam).post(f"/cases/{refused.pk}/appeal/", {"grounds": " "}, headers=headers)

        assert response.status_code == 422
        assert not Appeal.objects.exists()

    def test_not_after_them(self, signed_in, refused, sam):
        client = signed_in(sam)
        with standing_at(refused.decision.release.appeal_until + timedelta(seconds=1)):
            assert client.get(f"/cases/{refused.pk}/appeal/").status_code == 404
            assert "Not yet" in words(client.get(refused.get_absolute_url()))

    @pytest.mark.parametrize("who", ["mara", "dora", "hana", "noor", "otto"])
    def test_nobody_else(self, request, signed_in, refused, who):
        client = signed_in(request.getfixturevalue(who))
        assert client.post(f"/cases/{refused.pk}/appeal/", {"grounds": "x"}).status_code == 404


class TestTheCasePage:
    def test_in_review_it_names_nobody_who_answers(self, signed_in, hearing, sam, mara):
        for person in (sam, mara):
            page = words(signed_in(person).get(hearing.case.get_absolute_url()))
            assert "In committee" in page
            assert "Submitted to committee" in page
            for name in ("Noor", "Kit", "Stella", "Platform"):
                assert name not in page, (person, name)

    def test_it_stands_among_the_cases_in_review(self, signed_in, hearing, mara):
        assert "In committee" in words(signed_in(mara).get("/cases/"))
        assert "Sam" in words(signed_in(mara).get("/cases/?state=in-review"))


class TestTasks:
    def test_each_has_what_they_have_to_do(self, signed_in, hearing, vote, decide, kit, noor, hana):
        assert "Vote on a case: Sam, Senior to Staff" in words(signed_in(kit).get("/"))
        hearing = vote(hearing, noor="promote", kit="promote", stella="promote")
        assert "Vote on a case" not in words(signed_in(kit).get("/"))
        assert "Record the decision" in words(signed_in(noor).get("/"))
        decide(hearing, by=noor)
        assert "Record the decision" not in words(signed_in(noor).get("/"))
        assert "Release 1 decision" in words(signed_in(hana).get("/"))

    def test_hr_brings_cases_before_a_committee(self, signed_in, proposed, hana):
        assert "Submit to committee: Sam to Staff" in words(signed_in(hana).get("/"))
