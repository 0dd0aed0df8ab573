import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competencies.evidence.models import Evidence
from competencies.people.models import Person
from competencies.trail.models import Entry as Noted


@pytest.fixture
def find(signed_in):
    """A function that asks the palette as somebody: `find(mara, "sam")` gives `{heading: {title: url}}`."""

    def ask(person, words):
        groups = signed_in(person).get(reverse("palette"), {"q": words}).context["groups"]
        return {group.heading: {entry.title: entry.url for entry in group.entries} for group in groups}

    return ask


def test_without_words_it_offers_ways_and_commands(find, sam, hana):
    engineer, hr = find(sam, ""), find(hana, "")

    assert list(engineer) == list(hr) == ["Do", "Go to"]
    assert list(engineer["Do"]) == ["Add evidence"]
    assert "Org chart" in engineer["Go to"]
    assert {"Add person", "Import people", "Prepare a cycle", "Export packets"} <= set(hr["Do"])
    assert "Audit log" in hr["Go to"]


def test_each_way_and_command_opens(signed_in, find, sam, mara, hana, aude, otto):
    for person in (sam, mara, hana, aude, otto):
        client = signed_in(person)
        for group in find(person, "").values():
            for url in group.values():
                assert client.get(url).status_code == 200, (person.name, url)


def test_a_manager_finds_a_report_with_what_can_be_done(find, review, sam, mara):
    found = find(mara, "sam")

    assessment = review.assessments.get(kind="manager")
    assert found["People"] == {
        "Sam": sam.get_absolute_url(),
        "Assess Sam": assessment.get_absolute_url(),
        "Add evidence for Sam": reverse("evidence_new", args=[sam.pk]),
        "Nominate Sam for promotion": reverse("case_new", args=[sam.pk]),
    }
    assert found["Reviews"] == {"Sam": review.get_absolute_url()}


def test_whoever_is_above_is_found_in_the_org_chart_and_no_further(find, review, sam, mara):
    found = find(sam, "mara")

    assert found["People"] == {"Mara": reverse("chart_of", args=[mara.pk])}
    assert set(found) == {"People", "Career framework"}


def test_whom_one_sees_in_the_org_chart_alone_is_not_found_by_email_or_number(find, sam, mara, hana):
    Person.objects.filter(pk=mara.pk).update(number="4711", email="secretary@testing.example")
    mara.refresh_from_db()
    mara.save()

    for words in ("4711", "secretary"):
        assert "People" in find(hana, words), words
        assert "People" not in find(sam, words), words


def test_a_draft_case_is_found_by_whoever_may_read_it(find, case, sam, mara, noor, hana):
    assert find(mara, "sam")["Promotions"] == {"Sam to Staff": case.get_absolute_url()}
    for person in (sam, noor, hana):
        assert "Promotions" not in find(person, "sam"), person.name


def test_a_cycle_a_piece_of_evidence_and_a_competency_are_found_by_name(find, evidence, cycle, sam):
    piece = evidence[0]

    assert find(sam, cycle.name)["Cycles"] == {cycle.name: cycle.get_absolute_url()}
    assert find(sam, piece.title)["Evidence"] == {piece.title: piece.get_absolute_url()}
    [title, *_rest] = find(sam, "architecture")["Career framework"]
    assert title == "System architecture"


def test_the_beginning_of_a_word_is_enough(find, sam):
    assert list(find(sam, "org ch")["Go to"]) == ["Org chart"]
    assert list(find(sam, "ADD ev")["Do"]) == ["Add evidence"]


def test_what_nothing_names_leads_to_the_search_of_frameworks(find, sam):
    assert find(sam, "zebra") == {
        "Career framework": {"Search the frameworks for “zebra”": "/search/?q=zebra"},
    }


def test_a_masked_candidate_is_not_found_before_the_committee(find, masked, sam, noor):
    assert "Promotions" not in find(noor, "sam")
    assert list(find(noor, "candidate")["Promotions"]) == [masked.title]


def test_no_reading_is_noted(find, evidence, review, case, mara):
    before = Noted.objects.count()
    for words in ("sam", evidence[0].title, "staff"):
        find(mara, words)

    assert Noted.objects.count() == before


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"><img src=x>', "\0sam", "%", "a" * 999])
def test_what_was_asked_is_escaped(signed_in, sam, words):
    page = signed_in(sam).get(reverse("palette"), {"q": words})

    assert page.status_code == 200
    for tag in ("<script>alert", "<img src=x"):
        assert tag not in page.content.decode()


def test_one_letter_is_too_short_and_a_question_mark_shows_the_keys(signed_in, sam):
    client = signed_in(sam)

    assert "Type one more letter." in client.get(reverse("palette"), {"q": "s"}).content.decode()
    assert "Open the command palette" in client.get(reverse("palette"), {"q": "?"}).content.decode()


def test_htmx_gets_the_results_alone(signed_in, mara):
    page = signed_in(mara).get(reverse("palette"), {"q": "sam"}, headers={"HX-Request": "true"})

    assert "<html" not in page.content.decode()
    assert "palette__entry" in page.content.decode()


def test_many_rows_cost_what_few_do(signed_in, evidence, competencies, review, sam, mara):
    client = signed_in(mara)
    ask = {"path": reverse("palette"), "data": {"q": "sam"}}
    client.get(**ask)
    with CaptureQueriesContext(connection) as few:
        client.get(**ask)
    for number in range(30):
        Evidence.log(
            sam,
            by=sam,
            happened_on=evidence[0].happened_on,
            title=f"Sam {number}",
            competencies=competencies[:1],
        )
    with CaptureQueriesContext(connection) as many:
        client.get(**ask)

    assert len(many) == len(few) <= 16
