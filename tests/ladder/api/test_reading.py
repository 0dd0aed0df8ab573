"""Who reads what: each resource as everybody, and what a list costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.evidence.models import Evidence
from competencies.framework.loading import load
from competencies.notices.models import Letter
from competencies.people.models import Person, ReportingLine, Token
from competencies.reviews.models import Assessment, Cycle
from competencies.reviews.opening import open_cycle
from tests.conftest import BUILT_IN, LONG_AGO
from tests.ladder.api.routes import fill, routes
from tests.ladder.api.speaking import told

NEVER = 10**9
OF_SAM = ["reviews/{reviews}/", "assessments/{assessments}/", "evidence/{evidence}/", "people/{people}/",
          "cases/{cases}/", "cases/{cases}/readiness/", "packets/{packets}/", "packets/{packets}/document/",
          "tokens/{tokens}/", "reviews/{reviews}/comparison/"]  # fmt: skip
GETS = [route for route in routes() if route not in ("/api/docs/", "/api/nowhere/", "/api/schema/")]


def another_edition():
    """The built-in ladder with another summary, as a draft."""
    return load(BUILT_IN.read_bytes().replace(b"A ladder for", b"The ladder of"), file="x.yaml", by=None)


def names(api, path, field="subject"):
    response = api.get(path)
    assert response.status_code == 200, response.content
    return {row[field]["name"] for row in response.json()["results"]}


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("sam", {"Sam"}),
        ("mara", {"Sam", "Stella", "Leo", "Mara"}),
        ("noor", {"Kit", "Noor"}),
        ("aude", {"Aude"}),
        ("otto", {"Otto"}),
    ],
)
def test_people_are_oneself_and_those_below(api, request, reader, seen):
    person = request.getfixturevalue(reader)

    assert {row["name"] for row in api(person).get("people/").json()["results"]} == seen


def test_a_person_shows_where_they_stand(api, sam, mara, levels):
    row = api(mara).get(f"people/{sam.pk}/").json()

    assert row["manager"] == {"id": mara.pk, "name": "Mara"}
    assert row["placement"]["level"] == {"id": levels.senior.pk, "key": "senior", "title": "Senior"}
    assert row["placement"]["starts_on"] == LONG_AGO.isoformat()


def test_people_by_whom_they_report_to(api, dora, mara):
    rows = api(dora).get(f"people/?manager={mara.pk}").json()["results"]

    assert [row["name"] for row in rows] == ["Leo", "Sam", "Stella"]


def test_me_are_my_name_and_my_roles(api, hana):
    row = api(hana).get("me/").json()

    assert (row["id"], row["roles"], row["placement"]) == (hana.pk, ["hr"], None)


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("sam", {"Sam"}),
        ("mara", {"Sam", "Stella", "Leo"}),
        ("noor", {"Kit"}),
        ("dora", {"Sam", "Stella", "Leo", "Kit"}),
        ("hana", {"Sam", "Stella", "Leo", "Kit"}),
        ("aude", set()),
        ("otto", set()),
    ],
)
def test_reviews_are_ones_own_and_those_below(api, request, cycle, reader, seen):
    person = request.getfixturevalue(reader)

    assert (
        seen
        <= names(api(person), "reviews/")
        <= seen | {"Mara", "Noor", "Hana", "Aude", "Dora"} - {person.name}
    )


def test_reviews_by_cycle_and_person(api, mara, sam, review):
    path = f"reviews/?cycle={review.cycle_id}&subject={sam.pk}"

    assert [row["id"] for row in api(mara).get(path).json()["results"]] == [review.pk]


def test_a_filter_by_what_one_may_not_see_is_refused_as_if_it_were_missing(api, noor, review):
    refused = told(api(noor).get(f"assessments/?review={review.pk}"), 400, "invalid")
    missing = told(api(noor).get(f"assessments/?review={NEVER}"), 400, "invalid")

    assert refused == missing
    assert list(refused["errors"]) == ["review"]


def test_what_belongs_to_a_stranger_is_missing_in_the_same_words(api, noor, kit, aude, otto, ids, revealed):
    for person in (noor, kit, aude, otto):
        missing = api(person).get(f"reviews/{NEVER}/").content
        for path in OF_SAM:
            response = api(person).get(path.format(**ids))
            told(response, 404, "not-found")
            assert response.content == missing, path


def test_drafts_are_read_by_their_authors_alone(api, request, drafts, sam, mara):
    of_self, of_manager = (f"assessments/{row.pk}/" for row in (drafts.of_self, drafts.of_manager))

    assert api(sam).get(of_self).json()["ratings"][0]["comment"] == "canary of Sam"
    assert api(mara).get(of_manager).json()["ratings"][0]["comment"] == "canary of Mara"
    for name in ("sam", "dora", "hana", "noor", "aude", "otto"):
        told(api(request.getfixturevalue(name)).get(of_manager), 404, "not-found")
    for name in ("mara", "dora", "hana", "noor", "aude", "otto"):
        told(api(request.getfixturevalue(name)).get(of_self), 404, "not-found")


def test_no_answer_to_anybody_else_holds_the_text_of_a_draft(api, request, ids, drafts, sam, mara):
    addresses = {
        fill(route, ids | {"assessments": row.pk}) for route in GETS for row in vars(drafts).values()
    }
    for name in ("sam", "mara", "dora", "hana", "noor", "aude", "otto"):
        person = request.getfixturevalue(name)
        others = [f"canary of {author}" for author in (sam, mara) if author != person]
        for address in addresses:
            text = api(person).get(address).content.decode()
            assert not [canary for canary in others if canary in text], (name, address)


def test_a_draft_case_and_its_packet_are_the_sponsors_alone(api, sam, mara, dora, hana, full_case):
    from competencies.packets.models import Packet

    packet = Packet.freeze(full_case, by=mara)
    for path in (f"cases/{full_case.pk}/", f"packets/{packet.pk}/"):
        assert api(mara).get(path).status_code == 200
        for person in (sam, dora, hana):
            told(api(person).get(path), 404, "not-found")


def test_the_candidate_reads_the_proposed_case_and_not_the_committees_packet(api, sam, packet, full_case):
    assert api(sam).get(f"cases/{full_case.pk}/").json()["state"] == "proposed"
    told(api(sam).get(f"packets/{packet.pk}/"), 404, "not-found")


def test_after_the_reveal_each_reads_the_other(api, sam, mara, revealed, of_self, of_manager):
    rows = api(sam).get(f"assessments/{of_manager.pk}/").json()

    assert {rating["point"]["key"] for rating in rows["ratings"]} == {"developing"}
    assert (rows["state"], rows["may_write"], rows["unrated"]) == ("submitted", False, [])
    sides = api(mara).get(f"reviews/{revealed.pk}/").json()["assessments"]
    assert {side["id"] for side in sides} == {of_self.pk, of_manager.pk}


def test_the_comparison_comes_with_the_reveal(api, sam, review, drafts):
    told(api(sam).get(f"reviews/{review.pk}/comparison/"), 404, "not-found")


def test_the_comparison_lays_both_sides_side_by_side(api, sam, revealed, competencies):
    rows = api(sam).get(f"reviews/{revealed.pk}/comparison/").json()["rows"]

    assert [row["competency"]["key"] for row in rows] == [competency.key for competency in competencies]
    assert (rows[0]["self"]["point"]["key"], rows[0]["manager"]["point"]["key"]) == (
        "consistent",
        "developing",
    )
    assert {row["gap"] for row in rows} == {-1}


def test_the_readiness_of_a_case(api, mara, full_case, revealed):
    rows = api(mara).get(f"cases/{full_case.pk}/readiness/").json()

    assert len(rows) == 15
    assert {row["standing"] for row in rows} == {"not assessed"}


def test_the_ladder_from_the_edition_to_the_sentence(api, kit, edition, competencies):
    whole = api(kit).get(f"editions/{edition.pk}/").json()
    one = api(kit).get(f"competencies/{competencies[0].pk}/").json()
    cited = one["expectations"][0]["behaviours"][0]["citations"][0]
    source = api(kit).get(f"sources/{cited['source']}/").json()

    assert [level["key"] for level in whole["levels"]] == ["senior", "staff", "lead"]
    assert whole["levels"][1]["includes"] == ["senior"]
    assert (len(whole["tracks"]), len(whole["areas"]), len(whole["scale"])) == (3, 5, 5)
    assert cited["reference"] in {passage["reference"] for passage in source["passages"]}


def test_a_draft_edition_is_its_authors(api, kit, aude):
    draft = another_edition()
    competency = draft.competency_set.first()

    for path in (f"editions/{draft.pk}/", f"competencies/{competency.pk}/"):
        assert api(aude).get(path).status_code == 200
        told(api(kit).get(path), 404, "not-found")


def test_skills_say_which_track_asks_for_them(api, kit, edition):
    page = api(kit).get(f"skills/?edition={edition.pk}&page_size=200").json()

    assert page["count"] == len(page["results"]) == edition.skill_set.count()
    assert all(row["requirements"] for row in page["results"])


def grow(hana, edition, mara, sam):
    """Add people, a cycle, evidence, cases and packets: as much again of everything that is listed."""
    people = [Person.objects.create_user(f"more{n}@testing.example", f"More {n}") for n in range(4)]
    placement = sam.placement_on()
    for person in people:
        ReportingLine.objects.create(person=person, manager=mara, starts_on=LONG_AGO)
        person.place(track=placement.track, level=placement.level, starts_on=LONG_AGO, by=hana)
    later = timezone.now() + timedelta(weeks=9)
    for name in ("Winter", "Spring"):
        cycle = Cycle.prepare(by=hana, name=name, editions=[edition], self_due_at=later, manager_due_at=later)
        open_cycle(cycle, by=hana)
    competencies = list(edition.competency_set.all()[:3])
    for person in people:
        Evidence.log(person, by=person, happened_on=LONG_AGO, title="Work", competencies=competencies)
    return people


def cost(api, path):
    with CaptureQueriesContext(connection) as queries:
        response = api.get(path)
    assert response.status_code == 200, response.content
    return len(queries), response.json()["count"]


@pytest.mark.parametrize("path", ["people/", "reviews/", "assessments/", "evidence/", "cycles/"])
def test_a_list_costs_the_same_at_any_length(holding, hana, mara, sam, edition, ids, drafts, path):
    client = holding(mara)
    before, few = cost(client, path)

    grow(hana, edition, mara, sam)
    after, many = cost(client, path)

    assert many > few > 0
    assert after == before <= 9


def test_whoever_gets_a_letter_and_whoever_ordered_it_are_told_what_became_of_it(holding, sam, hana, mara):
    letter = Letter.order("invitation", to=sam, by=hana, row=7, site="https://ladder.example")
    letter.fail("refused", status=550)
    told = {
        "id": letter.pk, "kind": "invitation", "to": {"id": sam.pk, "name": "Sam"},
        "by": {"id": hana.pk, "name": "Hana"}, "state": "failed", "sent_at": None, "failure": "refused",
    }  # fmt: skip

    for reader in (sam, hana):
        found = holding(reader).get(f"letters/{letter.pk}/").json()
        assert found.pop("at")
        assert found == told
    assert holding(mara).get(f"letters/{letter.pk}/").status_code == 404


def test_the_list_of_letters_costs_the_same_at_any_length(holding, mara, sam):
    client = holding(mara)
    Letter.order("account", to=mara, by=sam)
    before, few = cost(client, "letters/")

    for _number in range(7):
        Letter.order("account", to=mara, by=sam)
    after, many = cost(client, "letters/")

    assert many == few + 7
    assert after == before


def test_the_list_of_tokens_costs_the_same_at_any_length(holding, mara):
    client = holding(mara)
    before, few = cost(client, "tokens/")

    for number in range(7):
        Token.issue(mara, by=mara, label=f"Script {number}")
    after, many = cost(client, "tokens/")

    assert many == few + 7
    assert after == before <= 6


@pytest.mark.parametrize("path", ["competencies/", "skills/", "sources/", "editions/"])
def test_a_part_of_the_ladder_costs_the_same_at_any_length(holding, mara, aude, path):
    client = holding(mara)
    before, few = cost(client, path)

    another_edition().publish(by=aude)
    after, many = cost(client, path)

    assert many >= few > 0
    assert after == before <= 6


def test_cases_and_packets_cost_the_same_at_any_length(holding, hana, mara, sam, edition, levels, packet):
    from competencies.packets.models import Packet
    from competencies.promotions.models import PromotionCase

    client = holding(mara)
    before = {path: cost(client, path)[0] for path in ("cases/", "packets/")}

    for person in grow(hana, edition, mara, sam):
        Packet.freeze(PromotionCase.nominate(person, levels.staff, by=mara), by=mara)

    assert {path: cost(client, path)[0] for path in before} == before


def test_one_row_costs_no_more_with_all_its_ratings(holding, sam, of_self, revealed, evidence):
    client = holding(sam)
    for path, most in ((f"assessments/{of_self.pk}/", 8), (f"reviews/{revealed.pk}/comparison/", 14)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) <= most


def test_pages_go_up_to_two_hundred_rows(api, sam, edition):
    page = api(sam).get("skills/?page_size=1000").json()

    assert len(page["results"]) == min(200, edition.skill_set.count())
    told(api(sam).get("skills/?page=99"), 404, "not-found")


def test_a_cycle_in_preparation_is_hrs(api, sam, hana, edition):
    later = timezone.now() + timedelta(weeks=1)
    cycle = Cycle.prepare(by=hana, name="Soon", editions=[edition], self_due_at=later, manager_due_at=later)

    assert api(hana).get(f"cycles/{cycle.pk}/").json()["state"] == "preparing"
    told(api(sam).get(f"cycles/{cycle.pk}/"), 404, "not-found")


def test_the_state_of_a_review_says_no_more_than_whether_a_side_is_in(
    api, sam, mara, of_self, answer_all, points
):
    answer_all(of_self, points.consistent).submit(by=sam)

    row = api(mara).get(f"reviews/{of_self.review_id}/").json()
    assert (row["state"], [side["kind"] for side in row["assessments"]]) == ("half", ["manager"])
    assert Assessment.objects.submitted().count() == 1
