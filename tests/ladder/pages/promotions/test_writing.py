"""What a sponsor types into a draft: with htmx, without JavaScript, refused, stale, by a stranger."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.evidence.models import Evidence
from competencies.promotions.models import Claim, Policy, Story
from ladder.pages.promotions.checklist import lacking

HTMX = {"HX-Request": "true"}


def words(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def address(case):
    return f"/cases/{case.pk}/statements/gaps/"


@pytest.fixture
def claim(case, mara, competencies):
    return case.claim(competencies[0], by=mara, text="Shapes systems.", result="Two teams release alone.")


@pytest.fixture
def story(case, mara, competencies, evidence):
    return case.tell(
        by=mara, title="Split", competencies=competencies[:1], evidence=evidence[:1], context="One."
    )


@pytest.fixture
def every_address(case, claim, story):
    """The addresses that take a POST about a draft."""
    return [
        f"/cases/{case.pk}/statements/gaps/",
        f"/cases/{case.pk}/claims/",
        f"/claims/{claim.pk}/",
        f"/cases/{case.pk}/stories/",
        f"/stories/{story.pk}/",
        f"/stories/{story.pk}/position/",
        f"/cases/{case.pk}/evidence/",
        f"/cases/{case.pk}/proposal/",
        f"/cases/{case.pk}/withdrawal/",
        f"/stories/{story.pk}/removal/",
        f"/claims/{claim.pk}/removal/",
    ]


@pytest.mark.parametrize("who", ["sam", "noor", "dora", "hana", "otto"])
def test_for_anyone_but_the_sponsor_there_is_nothing(request, signed_in, every_address, case, story, who):
    client = signed_in(request.getfixturevalue(who))
    for address in every_address:
        assert client.post(address, {"text": "x", "version": 0}).status_code == 404, address
        assert client.post(address, {"text": "x", "version": 0}, headers=HTMX).status_code == 404, address
    case.refresh_from_db()
    assert (case.state, case.claims.count(), case.stories.count()) == ("draft", 1, 1)


def test_once_proposed_there_is_nothing_to_write_any_more(signed_in, every_address, full_case, mara):
    full_case.propose(by=mara)
    client = signed_in(mara)
    for address in every_address:
        if not address.endswith(("/withdrawal/", "/proposal/")):
            assert client.post(address, {"text": "x", "version": 9}).status_code == 404, address


def test_reading_is_no_writing(signed_in, every_address, mara):
    client = signed_in(mara)
    for address in every_address:
        looked_at = address.endswith(("/stories/", "/evidence/", "/removal/", "/proposal/", "/withdrawal/"))
        if not looked_at and not ("/stories/" in address and "position" not in address):
            assert client.get(address).status_code == 302, address


def test_before_a_claim_or_a_story_is_removed_it_is_said_what_goes(signed_in, case, claim, story, mara):
    client = signed_in(mara)

    page = words(client.get(f"/claims/{claim.pk}/removal/"))
    assert "Two teams release alone." in page
    assert "You can’t undo this." in page
    page = words(client.get(f"/stories/{story.pk}/removal/"))
    assert "Written so far: 1 of 6 parts." in page
    assert (case.claims.count(), case.stories.count()) == (1, 1)


class TestOutline:
    def test_each_part_is_ticked_once_it_has_what_the_checklist_asks(
        self, signed_in, case, full_case, mara, hana
    ):
        parts = {part["title"]: part["state"] for part in lacking(full_case, mara)["outline"]}

        assert set(parts.values()) == {"ready"}
        Policy.here().change(by=hana, endorsements_needed=2)
        full_case.statement("scope").write("", by=mara, version=1)
        full_case.statement("gaps").write(" ", by=mara, version=1)
        parts = {part["title"]: part for part in lacking(full_case, mara)["outline"]}
        assert parts["Scope and influence"]["state"] == "optional"
        assert parts["Gaps and risks"]["state"] == parts["Endorsements"]["state"] == "missing"
        assert parts["Gaps and risks"]["url"] == f"/cases/{full_case.pk}/#statement-gaps"
        assert parts["Endorsements"]["url"] == f"/cases/{full_case.pk}/#endorsements"

    def test_the_candidate_sees_no_tick_for_the_managers_statement(self, full_case, sam):
        assert "Manager’s statement" not in {part["title"] for part in lacking(full_case, sam)["outline"]}

    def test_a_draft_shows_it_at_the_side_and_a_proposed_case_does_not(self, signed_in, full_case, mara):
        client, address = signed_in(mara), f"/cases/{full_case.pk}/"
        assert 'id="outline"' in words(client.get(address))

        full_case.propose(by=mara)

        assert 'id="outline"' not in words(client.get(address))


class TestStatements:
    def test_what_is_saved_is_shown_as_it_is_read(self, signed_in, address, case, mara):
        response = signed_in(mara).post(address, {"text": "**Hiring.**", "version": 0}, headers=HTMX)

        (statement,) = case.statements.filter(kind="gaps")
        assert f'id="preview-statement-{statement.pk}" hx-swap-oob="true"' in words(response)
        assert "<strong>Hiring.</strong>" in words(response)

    def test_what_is_refused_is_not_shown_as_saved(self, signed_in, address, mara):
        response = signed_in(mara).post(address, {"text": "x" * 30_000, "version": 0}, headers=HTMX)

        assert response.status_code == 422
        assert "preview-statement" not in words(response)

    def test_htmx_gets_the_foot_of_the_form_and_what_is_missing(self, signed_in, address, case, mara):
        response = signed_in(mara).post(address, {"text": "Hiring.", "version": 0}, headers=HTMX)
        page = words(response)

        assert response.status_code == 200
        assert 'name="version" value="1"' in page
        assert "Saved" in page
        assert 'hx-swap-oob="true"' in page
        assert "Gaps and risks are empty" not in page
        assert "<html" not in page
        assert case.statement("gaps").text == "Hiring."

    def test_a_plain_form_goes_back_to_where_it_stood(self, signed_in, address, case, mara):
        response = signed_in(mara).post(address, {"text": "One.\r\nTwo.", "version": 0})

        assert (response.status_code, response.url) == (302, f"/cases/{case.pk}/#statement-gaps")
        assert case.statement("gaps").text == "One.\nTwo."

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_a_stale_text_shows_both_and_loses_neither(self, signed_in, address, case, mara, headers):
        case.statement("gaps").write("From one tab.", by=mara, version=0)
        response = signed_in(mara).post(address, {"text": "From the other.", "version": 0}, headers=headers)
        page = words(response)

        assert response.status_code == 422
        assert "From one tab." in page
        assert "From the other." in page
        assert 'name="version" value="0"' in page
        assert 'name="over" value="1"' in page
        assert case.statements.get(kind="gaps").text == "From one tab."

    def test_the_writer_may_keep_what_they_typed(self, signed_in, address, case, mara):
        case.statement("gaps").write("From one tab.", by=mara, version=0)
        signed_in(mara).post(address, {"text": "From the other.", "version": 0, "over": 1})

        assert case.statements.get(kind="gaps").text == "From the other."

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_a_text_that_is_too_long_is_refused_in_words_and_given_back(
        self, signed_in, address, case, mara, headers
    ):
        long = "<script>alert(1)</script>" * 4_000
        response = signed_in(mara).post(address, {"text": long, "version": 0}, headers=headers)

        assert response.status_code == 422
        assert "at most 20000 characters" in words(response)
        assert "<script>alert" not in words(response)
        assert case.statements.get(kind="gaps").text == ""
        if not headers:
            assert "&lt;script&gt;alert(1)" in words(response)

    def test_an_unknown_kind_is_nothing(self, signed_in, case, mara):
        assert signed_in(mara).post(f"/cases/{case.pk}/statements/praise/", {"text": "x"}).status_code == 404

    def test_a_version_that_is_no_number_is_refused(self, signed_in, address, mara):
        assert signed_in(mara).post(address, {"text": "x", "version": "x"}, headers=HTMX).status_code == 422


class TestClaims:
    @staticmethod
    def said(competency, **more):
        return {"competency": competency.pk, "text": "Does it.", "result": "It shows.", **more}

    def test_htmx_gets_the_claims_again(self, signed_in, case, mara, competencies):
        response = signed_in(mara).post(f"/cases/{case.pk}/claims/", self.said(competencies[2]), headers=HTMX)

        assert response.status_code == 200
        assert 'id="claims"' in words(response)
        assert "No claim names" not in words(response)
        assert case.claims.get().competency == competencies[2]

    def test_a_plain_form_goes_back(self, signed_in, case, mara, competencies):
        response = signed_in(mara).post(f"/cases/{case.pk}/claims/", self.said(competencies[2]))

        assert response.url == f"/cases/{case.pk}/#claims"

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_what_is_missing_is_told_beside_the_field(self, signed_in, case, mara, headers):
        response = signed_in(mara).post(f"/cases/{case.pk}/claims/", {"text": "Does it."}, headers=headers)

        assert response.status_code == 422
        assert set(response.context["new_claim"].errors) == {"competency", "result"}
        assert "Does it." in words(response)

    def test_a_fourth_is_refused_and_given_back(self, signed_in, case, mara, competencies):
        for competency in competencies[:3]:
            case.claim(competency, by=mara, text="a", result="b")
        response = signed_in(mara).post(f"/cases/{case.pk}/claims/", self.said(competencies[4]), headers=HTMX)

        assert response.status_code == 422
        assert "three claims at most" in words(response)
        assert case.claims.count() == 3

    def test_a_claim_saves_itself_and_tells_a_conflict(self, signed_in, claim, mara, competencies):
        client, address = signed_in(mara), f"/claims/{claim.pk}/"
        first = client.post(address, self.said(competencies[1], version=0), headers=HTMX)
        stale = client.post(address, self.said(competencies[1], version=0, text="Late."), headers=HTMX)
        plain = client.post(address, self.said(competencies[1], version=0, text="Late."))

        assert first.status_code == 200
        assert (stale.status_code, plain.status_code) == (422, 422)
        for response in (stale, plain):
            assert "Late." in words(response)
            assert "Does it." in words(response)
        assert Claim.objects.get().text == "Does it."

    def test_an_emptied_claim_is_refused_in_words(self, signed_in, claim, mara, competencies):
        response = signed_in(mara).post(
            f"/claims/{claim.pk}/", self.said(competencies[1], version=0, text=""), headers=HTMX
        )

        assert response.status_code == 422
        assert "Claim: This field is required." in words(response)

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_a_claim_is_removed(self, signed_in, claim, mara, headers):
        signed_in(mara).post(f"/claims/{claim.pk}/removal/", headers=headers)

        assert not Claim.objects.exists()


class TestStories:
    def test_a_story_is_added(self, signed_in, case, mara, competencies, evidence):
        client, address = signed_in(mara), f"/cases/{case.pk}/stories/"
        assert client.get(address).status_code == 200
        response = client.post(
            address,
            {
                "title": "Split",
                "context": "One.",
                "competencies": [competencies[0].pk],
                "evidence": [evidence[0].pk, evidence[1].pk],
            },
        )

        story = Story.objects.get()
        assert response.url == f"/cases/{case.pk}/#stories"
        assert (story.title, story.context, story.evidence.count()) == ("Split", "One.", 2)

    def test_each_saved_text_is_shown_as_it_is_read(self, signed_in, story, mara):
        client, address = signed_in(mara), f"/stories/{story.pk}/"
        assert 'id="preview-id_context"' in words(client.get(address))

        response = client.post(
            address, {"title": "Split", "context": "*Anew.*", "version": story.version}, headers=HTMX
        )

        assert 'id="preview-id_context" hx-swap-oob="true"' in words(response)
        assert "<em>Anew.</em>" in words(response)

    def test_without_a_title_nothing_is_lost(self, signed_in, case, mara):
        response = signed_in(mara).post(f"/cases/{case.pk}/stories/", {"context": "A long text."})

        assert response.status_code == 422
        assert "A long text." in words(response)
        assert not Story.objects.exists()

    def test_evidence_of_somebody_else_is_no_choice(self, signed_in, case, mara, kit, competencies, story):
        other = Evidence.log(
            kit, by=kit, happened_on=case.opened_at.date(), title="Elsewhere", competencies=competencies[:1]
        )
        client = signed_in(mara)

        assert "Elsewhere" not in words(client.get(f"/cases/{case.pk}/stories/"))
        for address in (f"/cases/{case.pk}/stories/", f"/stories/{story.pk}/", f"/cases/{case.pk}/evidence/"):
            response = client.post(address, {"title": "t", "version": 0, "evidence": [other.pk]})
            assert response.status_code == 422, address

    def test_a_story_saves_itself_and_tells_a_conflict(self, signed_in, story, mara):
        client, address = signed_in(mara), f"/stories/{story.pk}/"
        first = client.post(address, {"title": "Split", "context": "Two.", "version": 0}, headers=HTMX)
        stale = client.post(address, {"title": "Split", "context": "Three.", "version": 0}, headers=HTMX)
        plain = client.post(address, {"title": "Split", "context": "Three.", "version": 0})

        assert (first.status_code, stale.status_code, plain.status_code) == (200, 422, 422)
        assert f'id="save-status-story-{story.pk}"' in words(first)
        for response in (stale, plain):
            assert "Two." in words(response)
            assert "Three." in words(response)
        assert Story.objects.get().context == "Two."

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_boxes_ticked_in_an_older_window_are_a_conflict_too(
        self, signed_in, story, mara, evidence, headers
    ):
        client, address = signed_in(mara), f"/stories/{story.pk}/"
        said = {"title": "Split", "context": "One.", "version": 0}
        client.post(address, said | {"evidence": [evidence[1].pk]}, headers=HTMX)

        stale = client.post(address, said | {"evidence": [evidence[2].pk]}, headers=headers)

        assert stale.status_code == 422
        assert "Ticked boxes" in words(stale)
        assert list(story.evidence.all()) == [evidence[1]]
        client.post(address, said | {"evidence": [evidence[2].pk], "over": 1}, headers=HTMX)
        assert list(story.evidence.all()) == [evidence[2]]

    def test_a_save_that_is_sent_twice_is_one_save(self, signed_in, claim, story, mara, competencies):
        client, said = signed_in(mara), {"title": "Split", "context": "Two.", "version": 0}
        assert [client.post(f"/stories/{story.pk}/", said, headers=HTMX).status_code for _ in "12"] == [
            200
        ] * 2
        said = {"competency": competencies[1].pk, "text": "Does it.", "result": "Works.", "version": 0}
        assert [client.post(f"/claims/{claim.pk}/", said, headers=HTMX).status_code for _ in "12"] == [
            200
        ] * 2
        assert (Story.objects.get().version, Claim.objects.get().version) == (1, 1)

    def test_a_plain_form_stays_with_the_story(self, signed_in, story, mara):
        response = signed_in(mara).post(f"/stories/{story.pk}/", {"title": "Better", "version": 0})

        assert response.url == f"/stories/{story.pk}/"

    def test_stories_move_and_stop_at_the_ends(self, signed_in, case, story, mara):
        second = case.tell(by=mara, title="Second")
        client = signed_in(mara)

        client.post(f"/stories/{second.pk}/position/", {"towards": "start"})
        assert list(case.stories.all()) == [second, story]
        client.post(f"/stories/{second.pk}/position/", {"towards": "start"})
        assert list(case.stories.all()) == [second, story]
        client.post(f"/stories/{second.pk}/position/", {"towards": "end"})
        assert list(case.stories.all()) == [story, second]

    def test_a_story_is_removed(self, signed_in, case, story, mara):
        response = signed_in(mara).post(f"/stories/{story.pk}/removal/")

        assert response.url == f"/cases/{case.pk}/#stories"
        assert not Story.objects.exists()


class TestEvidence:
    @pytest.fixture
    def address(self, case):
        return f"/cases/{case.pk}/evidence/"

    def test_it_lists_the_candidates_evidence_under_what_it_speaks_of(
        self, signed_in, address, mara, evidence
    ):
        page = words(signed_in(mara).get(address))

        for piece in evidence:
            assert piece.title in page

    def test_without_any_it_says_what_to_do(self, signed_in, address, mara):
        assert "No evidence of Sam’s work yet" in words(signed_in(mara).get(address))

    def test_the_choice_is_what_is_ticked(self, signed_in, address, case, mara, evidence):
        response = signed_in(mara).post(address, {"evidence": [evidence[0].pk, evidence[2].pk]})

        assert response.url == f"/cases/{case.pk}/#evidence"
        assert {row.evidence for row in case.exhibits.all()} == {evidence[0], evidence[2]}

    def test_that_of_the_stories_is_added_to_what_is_shown(
        self, signed_in, address, case, mara, evidence, story
    ):
        case.choose(evidence[2:3], by=mara)
        signed_in(mara).post(address, {"stories": "1"})

        assert {row.evidence for row in case.exhibits.all()} == {evidence[0], evidence[2]}

    def test_the_queries_do_not_grow_with_the_evidence(
        self, signed_in, address, case, mara, sam, competencies, evidence
    ):
        client = signed_in(mara)

        def count():
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            return len(queries)

        few = count()
        for number in range(6):
            Evidence.log(
                sam,
                by=sam,
                happened_on=case.opened_at.date(),
                title=f"More {number}",
                competencies=competencies[number : number + 3],
            )
        assert count() == few <= 15
