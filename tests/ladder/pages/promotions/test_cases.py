from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import today
from competencies.people.models import Person, ReportingLine
from competencies.promotions.models import Policy, PromotionCase


@pytest.fixture
def proposed(full_case, mara):
    full_case.propose(by=mara)
    return full_case


def words(response):
    return " ".join(response.content.decode().split())


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


class TestList:
    URL = "/cases/"

    @pytest.mark.parametrize(
        ("who", "draft", "shown"),
        [("mara", True, True), ("sam", False, True), ("hana", False, True), ("kit", False, False)],
    )
    def test_each_sees_what_they_may_read(self, request, signed_in, full_case, mara, who, draft, shown):
        client = signed_in(request.getfixturevalue(who))
        address = f'href="/cases/{full_case.pk}/"'
        assert (address in words(client.get(self.URL))) is draft
        full_case.propose(by=mara)
        assert (address in words(client.get(self.URL))) is shown

    def test_a_manager_sees_whom_they_could_nominate(self, signed_in, noor, kit):
        page = words(signed_in(noor).get(self.URL))

        assert f'href="/people/{kit.pk}/cases/new/"' in page
        assert "Nominate for Staff / Lead" in page

    def test_without_cases_it_says_what_will_be_here(self, signed_in, kit):
        page = words(signed_in(kit).get(self.URL))

        assert "No cases yet" in page
        assert "once your manager has proposed it" in page

    def test_one_state_is_paged_and_an_unknown_one_is_ignored(self, signed_in, proposed, hana):
        client = signed_in(hana)

        assert "Sam to Staff" in words(client.get(self.URL, {"state": "proposed"}))
        assert "No cases here" in words(client.get(self.URL, {"state": "withdrawn"}))
        assert client.get(self.URL, {"state": "<b>", "page": "x"}).status_code == 200

    def test_the_queries_do_not_grow_with_cases_and_reports(
        self, signed_in, case, mara, kit, levels, tracks, hana
    ):
        client = signed_in(mara)
        few = queries_of(client, self.URL)
        for number in range(4):
            person = Person.objects.create_user(f"p{number}@testing.example", f"Person {number}")
            ReportingLine.objects.create(person=person, manager=mara, starts_on=today())
            person.place(track=tracks.java, level=levels.senior, starts_on=today(), by=hana)
            if number % 2:
                PromotionCase.nominate(person, levels.lead, by=mara)
        assert queries_of(client, self.URL) == few <= 20


class TestNew:
    @staticmethod
    def url(person):
        return f"/people/{person.pk}/cases/new/"

    def test_it_offers_the_next_steps_and_opens_a_draft(self, signed_in, noor, kit, levels):
        client = signed_in(noor)
        page = words(client.get(self.url(kit)))
        assert "Staff" in page
        assert "Lead" in page

        day = today() + timedelta(days=60)
        response = client.post(self.url(kit), {"level": levels.lead.pk, "wanted_from": day.isoformat()})

        case = PromotionCase.objects.get(subject=kit)
        assert response.url == f"/cases/{case.pk}/"
        assert (case.to_level, case.wanted_from, case.sponsor) == (levels.lead, day, noor)

    @pytest.mark.parametrize(
        ("together", "told"),
        [(True, "You can share the draft with Kit"), (False, "has the sponsor write the case alone")],
    )
    def test_it_says_what_the_policy_allows(self, signed_in, noor, kit, hana, together, told):
        Policy.here().change(by=hana, together=together)

        page = words(signed_in(noor).get(self.url(kit)))

        assert told in page
        assert "If your promotion policy" not in page

    def test_a_level_must_be_chosen_among_the_next_steps(self, signed_in, noor, kit, levels):
        client = signed_in(noor)
        for data in (
            {},
            {"level": levels.senior.pk},
            {"level": "x"},
            {"level": levels.lead.pk, "wanted_from": "soon"},
        ):
            response = client.post(self.url(kit), data)
            assert response.status_code == 422
            assert response.context["form"].errors
        assert not PromotionCase.objects.exists()

    def test_a_second_case_is_refused_in_words(self, signed_in, case, mara, sam, levels):
        client = signed_in(mara)
        assert "There is already an open case" in words(client.get(self.url(sam)))

        response = client.post(self.url(sam), {"level": levels.lead.pk})
        assert response.status_code == 422
        assert "Sam already has an open case" in words(response)

    def test_without_a_next_step_or_a_level_it_says_so(self, signed_in, mara, dora, stella):
        assert "There is no next level" in words(signed_in(mara).get(self.url(stella)))
        assert "has no level yet" in words(signed_in(dora).get(self.url(mara)))

    @pytest.mark.parametrize("who", ["sam", "noor", "dora", "hana", "otto"])
    def test_for_anyone_but_the_manager_there_is_nothing(self, request, signed_in, sam, levels, who):
        client = signed_in(request.getfixturevalue(who))

        assert client.get(self.url(sam)).status_code == 404
        assert client.post(self.url(sam), {"level": levels.staff.pk}).status_code == 404
        assert client.delete(self.url(sam)).status_code in (404, 405)


class TestCase:
    @pytest.mark.parametrize("who", ["sam", "dora", "hana", "noor", "kit", "otto", "aude"])
    def test_a_draft_is_invisible_to_everyone_else(self, request, signed_in, full_case, who):
        assert signed_in(request.getfixturevalue(who)).get(f"/cases/{full_case.pk}/").status_code == 404

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("mara", 200),
            ("sam", 200),
            ("dora", 200),
            ("hana", 200),
            ("noor", 404),
            ("stella", 404),
            ("otto", 404),
        ],
    )
    def test_from_the_proposal_on_it_is_read_by_those_concerned(
        self, request, signed_in, proposed, who, status
    ):
        assert signed_in(request.getfixturevalue(who)).get(f"/cases/{proposed.pk}/").status_code == status

    def test_a_draft_is_a_workspace_that_names_what_is_missing(self, signed_in, case, mara):
        page = words(signed_in(mara).get(f"/cases/{case.pk}/"))

        assert "What a committee will ask about" in page
        assert "There is no impact story." in page
        assert "No review has been assessed at Staff level yet" in page
        assert page.count("<textarea") == 5 + 2  # the statements, and a new claim

    def test_proposed_it_has_no_forms_for_its_texts(self, signed_in, proposed, mara):
        page = words(signed_in(mara).get(f"/cases/{proposed.pk}/"))

        assert "Text of gaps." in page
        assert "<textarea" not in page

    def test_readiness_is_told_in_words_beside_every_colour(self, signed_in, case, revealed, mara):
        page = words(signed_in(mara).get(f"/cases/{case.pk}/"))

        assert "Not assessed at this level" in page
        assert "the latest review, Autumn, assessed at Senior level" in page

    def test_text_is_shown_as_harmless_markdown(self, signed_in, full_case, mara, sam):
        full_case.statement("gaps").write("**bold** <script>alert(1)</script>", by=mara, version=1)
        full_case.propose(by=mara)
        page = words(signed_in(sam).get(f"/cases/{full_case.pk}/"))

        assert "<strong>bold</strong>" in page
        assert "<script>alert" not in page

    def test_the_queries_do_not_grow_with_what_is_written(
        self, signed_in, case, mara, evidence, competencies
    ):
        client, url = signed_in(mara), f"/cases/{case.pk}/"
        case.claim(competencies[0], by=mara, text="a", result="b")
        case.tell(by=mara, title="One", competencies=competencies[:1], evidence=evidence[:1])
        case.choose(evidence[:1], by=mara)
        few = queries_of(client, url)

        for number in (1, 2):
            case.claim(competencies[number], by=mara, text="a", result="b")
        for _number in range(4):
            case.tell(by=mara, title="More", competencies=competencies, evidence=evidence)
        case.choose(evidence, by=mara)
        assert queries_of(client, url) <= few
