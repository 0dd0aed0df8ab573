"""Pages where several frameworks are published: each reader on their own, with a switch to the others."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from competencies.core.clock import now, today
from competencies.evidence.models import Evidence
from competencies.people.models import Person, Placement
from competencies.promotions.models import Policy, PromotionCase
from competencies.reviews.models import Cycle
from tests.frameworks import FRONTEND, hold, named, place, publish

from .test_matrices import text


@pytest.fixture
def page(signed_in):
    """A function that gives the words of a page as somebody reads it."""

    def read(person, address, **query):
        response = signed_in(person).get(address, query)
        assert response.status_code == 200, response.status_code
        return text(response)

    return read


def headline(response):
    return re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)[1].strip()


def tabs(response, label="Framework"):
    nav = re.search(rf'<nav class="tabs" aria-label="{label}">(.*?)</nav>', response.content.decode(), re.S)
    links = r'href="([^"]*)"( aria-current="page")?>\s*([^<]*?)\s*<'
    return re.findall(links, nav[1]) if nav else []


# the ladder


def test_the_ladder_opens_ones_own_with_a_switch(signed_in, sam, wren):
    for person, title in ((sam, "Backend engineering"), (wren, "Frontend engineering")):
        response = signed_in(person).get(reverse("ladder"))
        assert headline(response) == title
        assert [(label, bool(current)) for _url, current, label in tabs(response)] == [
            ("Backend engineering", title.startswith("Backend")),
            ("Frontend engineering", title.startswith("Frontend")),
        ]


def test_the_switch_leads_to_the_other_one_and_back(signed_in, sam, wren):
    client = signed_in(sam)
    (own, _current, _label), (other, _none, _words) = tabs(client.get(reverse("ladder")))
    assert own == reverse("ladder")
    elsewhere = client.get(other.replace("&amp;", "&"))
    assert headline(elsewhere) == "Frontend engineering"
    assert "your level" not in text(elsewhere)  # Senior stands there too, and is another level
    track = tabs(elsewhere, "Track")[1][0].replace("&amp;", "&")
    assert headline(client.get(track)) == "Frontend engineering"


@pytest.mark.parametrize("which", ["", "?framework=nonsense"])
def test_whoever_has_no_level_sees_the_list(signed_in, mara, wren, which):
    response = signed_in(mara).get(reverse("ladder") + which)
    words = text(response)
    assert "You don’t have a level yet" in words
    assert "Backend engineering" in words
    assert "Frontend engineering" in words
    assert f'href="{reverse("ladder")}?framework=frontend-engineering"' in response.content.decode()


def test_whoever_has_no_level_reads_the_only_one_at_once(signed_in, mara, edition):
    assert headline(signed_in(mara).get(reverse("ladder"))) == "Backend engineering"


def test_a_retired_framework_leaves_its_people_with_the_list(page, sam, wren, frontend, aude):
    publish(named("data", "Data engineering"), by=aude)
    frontend.retire(by=aude)
    assert "Your framework, Frontend engineering, has no edition in force." in page(wren, reverse("ladder"))


def test_an_older_edition_leads_to_the_one_in_force_of_its_own_framework(signed_in, sam, aude, frontend):
    publish(FRONTEND.replace("Own pages.", "One page."), by=aude)
    response = signed_in(sam).get(frontend.get_absolute_url())
    assert "This edition isn’t in force" in text(response)
    assert f'href="{reverse("ladder")}?framework=frontend-engineering"' in response.content.decode()


def test_a_competency_and_a_role_of_another_framework_say_where_they_are(page, sam, frontend):
    competency = frontend.competency_set.get(key="accessibility")
    assert page(sam, competency.get_absolute_url()).count("Frontend engineering") == 1
    track, level = frontend.track_set.get(key="web"), frontend.level_set.get(key="staff")
    words = page(sam, reverse("role", args=[track.pk, level.pk]))
    assert "Everything expected at Senior" in words
    assert "Everything expected at Engineer" not in words  # Senior covers it


# sources and search


def test_sources_are_those_of_ones_own(page, sam, wren, mara, frontend):
    assert "Frontend engineer 700" in page(wren, reverse("sources"))
    assert "700" not in page(sam, reverse("sources"))
    assert "Frontend engineer 700" in page(sam, reverse("sources"), edition=frontend.pk)
    assert "Choose a framework" in page(mara, reverse("sources"))


def test_a_document_is_read_through_ones_own_edition(page, sam, wren, frontend):
    source = frontend.coverage_set.get().source
    assert "Frontend engineering, edition 1" in page(wren, source.get_absolute_url())


def test_search_looks_in_ones_own_and_elsewhere_when_asked(page, sam, wren, mara):
    assert "No results for" in page(sam, reverse("search"), q="zebracrossing")
    assert "1 result for" in page(wren, reverse("search"), q="zebracrossing")
    assert "1 result for" in page(sam, reverse("search"), q="zebracrossing", framework="frontend-engineering")
    assert "1 result for" in page(sam, reverse("search"), q="zebracrossing", framework="*")
    found = page(mara, reverse("search"), q="architecture divides")
    assert "Pages, Frontend engineering" in found


# evidence


def test_evidence_speaks_for_competencies_of_the_person_concerned(page, mara, sam, wren):
    assert "Accessibility" in page(mara, reverse("evidence_new", args=[wren.pk]))
    assert "Accessibility" not in page(mara, reverse("evidence_new", args=[sam.pk]))


def test_whoever_has_no_level_chooses_among_all_by_framework(page, signed_in, mara, wren, competencies):
    words = page(mara, reverse("evidence_new", args=[mara.pk]))
    assert "Frontend engineering: Pages" in words
    assert "Backend engineering: " in words
    signed_in(mara).post(
        reverse("evidence_new", args=[mara.pk]),
        {
            "title": "A piece",
            "happened_on": today(),
            "kind": "design",
            "competencies": [competencies[0].pk],
        },
    )
    assert Evidence.objects.get().person == mara
    listed = page(mara, reverse("evidence_list"), competency=competencies[0].pk)
    assert "A piece" in listed
    assert "Backend engineering: System architecture" in listed


def test_a_change_after_a_move_keeps_what_it_spoke_for_before(signed_in, sam, hana, evidence, frontend):
    place(sam, frontend, "web", "senior", on=today(), by=hana)
    client, piece = signed_in(sam), evidence[0]
    address = reverse("evidence_edit", args=[piece.pk])
    form = client.get(address).context["form"]
    kept = [row.pk for row in form.initial["competencies"]]
    assert kept == list(piece.competencies.values_list("pk", flat=True))
    sent = {name: form.initial[name] for name in ("version", "title", "happened_on", "kind", "text", "link")}
    response = client.post(address, sent | {"title": "Renamed", "competencies": kept})
    assert response.status_code == 302
    piece.refresh_from_db()
    assert (piece.title, [row.pk for row in piece.competencies.all()]) == ("Renamed", kept)


# people


def test_the_first_page_leads_to_the_next_steps_of_ones_own(signed_in, wren, frontend):
    response = signed_in(wren).get(reverse("home"))
    steps = re.findall(r'href="/roles/\d+/(\d+)/">Expectations at (\w+)', response.content.decode())
    assert steps == [(str(frontend.level_set.get(key="staff").pk), "Staff")]


def test_next_steps_open_when_a_later_edition_is_in_force(signed_in, aude, wren, frontend):
    publish(FRONTEND.replace("Own pages.", "One page."), by=aude)
    client = signed_in(wren)
    (address,) = re.findall(
        r'href="(/roles/\d+/\d+/)">Expectations', client.get(reverse("home")).content.decode()
    )
    assert client.get(address).status_code == 200


def test_the_heat_map_has_one_block_a_framework(signed_in, mara, sam, wren, hana, edition, frontend):
    hold("Here", sam, edition, by=hana, weeks_ago=20)
    hold("There", wren, frontend, by=hana, weeks_ago=20)
    response = signed_in(mara).get(reverse("team"))
    blocks = response.context["heat"]
    assert [str(block["edition"].framework) for block in blocks] == [
        "Backend engineering",
        "Frontend engineering",
    ]
    rated = {
        row["member"].person.name: [cell[0].words for cell in row["cells"] if cell]
        for block in blocks
        for row in block["rows"]
    }
    assert rated == {"Sam": ["Consistent"] * 15, "Wren": ["There"] * 2}
    assert text(response).count("Frontend engineering") >= 2  # the block, and Wren's row


def test_ratings_from_before_a_move_are_not_shown_on_the_new_framework(
    signed_in, mara, sam, hana, edition, frontend
):
    hold("Here", sam, edition, by=hana, weeks_ago=20)
    place(sam, frontend, "web", "senior", on=today(), by=hana)
    blocks = signed_in(mara).get(reverse("team")).context["heat"]
    (row,) = (row for block in blocks for row in block["rows"] if row["member"].person == sam)
    assert row["cells"] == [None, None]


def test_a_move_is_made_in_the_form_and_told_on_the_page(signed_in, page, hana, sam, frontend):
    client = signed_in(hana)
    address = reverse("person_placement", args=[sam.pk])
    words = text(client.get(address))
    assert "Current framework: Backend engineering. If you move them to another framework" in words
    chosen = {
        "track": frontend.track_set.get(key="web").pk,
        "level": frontend.level_set.get(key="senior").pk,
        "starts_on": today(),
    }
    assert client.post(address, chosen).status_code == 302
    assert sam.placement_on().level.edition == frontend
    words = page(hana, sam.get_absolute_url())
    assert "Moved from Backend engineering to Frontend engineering. Consecutive reviews" in words


def test_track_and_level_of_two_frameworks_are_refused_beside_the_field(
    signed_in, hana, sam, levels, frontend
):
    chosen = {"track": frontend.track_set.get(key="java").pk, "level": levels.staff.pk, "starts_on": today()}
    response = signed_in(hana).post(reverse("person_placement", args=[sam.pk]), chosen)
    assert response.status_code == 422
    assert "The track is from Frontend engineering, the level from Backend engineering" in text(response)


def test_lists_name_frameworks_once_people_are_on_several(page, hana, mara, sam, wren):
    assert "Java backend Backend engineering" in page(hana, reverse("people"))
    assert "Web Frontend engineering" in page(hana, reverse("people"))
    assert "Web, Frontend engineering" in page(mara, wren.get_absolute_url())
    assert "Frontend engineering" in page(mara, reverse("cases"))
    assert page(mara, reverse("chart")).count("Frontend engineering") == 1
    Placement.objects.filter(person=wren).delete()
    assert "engineering" not in page(hana, reverse("people"))


# reviews


@pytest.fixture
def due():
    return {
        "self_due_at": f"{now() + timedelta(weeks=1):%Y-%m-%dT%H:%M}",
        "manager_due_at": f"{now() + timedelta(weeks=2):%Y-%m-%dT%H:%M}",
        "blind": "on",
        "who": "everyone",
        "version": 0,
    }


def test_a_cycle_asks_for_an_edition_of_each_framework(signed_in, hana, wren, edition, frontend, due):
    client = signed_in(hana)
    form = client.get(reverse("cycle_new")).context["form"]
    assert [str(field.label) for field in form.edition_fields] == [
        "Backend engineering",
        "Frontend engineering",
    ]
    both = {f"edition-{row.framework_id}": row.pk for row in (edition, frontend)}
    client.post(reverse("cycle_new"), due | both | {"name": "Both"})
    assert set(Cycle.objects.get(name="Both").editions.all()) == {edition, frontend}
    one = {f"edition-{frontend.framework_id}": frontend.pk}
    client.post(reverse("cycle_new"), due | one | {"name": "One"})
    cycle = Cycle.objects.get(name="One")
    assert list(cycle.editions.all()) == [frontend]
    words = text(client.get(cycle.get_absolute_url()))
    assert "their framework, Backend engineering, is not part of this cycle 4" in words
    form = client.get(reverse("cycle_edit", args=[cycle.pk])).context["form"]
    assert [field.value() for field in form.edition_fields] == [None, frontend.pk]


def test_a_cycle_of_no_framework_is_refused(signed_in, hana, edition, frontend, due):
    response = signed_in(hana).post(reverse("cycle_new"), due | {"name": "None"})
    assert response.status_code == 422
    assert "Choose an edition of at least one framework." in text(response)


def test_a_comparison_that_begins_anew_says_so(page, sam, hana, edition, frontend):
    hold("Here", sam, edition, by=hana, weeks_ago=40)
    place(sam, frontend, "web", "senior", on=today() - timedelta(days=200), by=hana)
    review = hold("There", sam, frontend, by=hana, weeks_ago=20)
    words = page(sam, review.get_absolute_url())
    assert "First review on Frontend engineering" in words
    assert "The previous review, Here, was on Backend engineering, so the two aren’t compared." in words


def test_readiness_that_begins_anew_says_so(page, sam, mara, hana, edition, frontend):
    hold("Here", sam, edition, by=hana, weeks_ago=40)
    place(sam, frontend, "web", "senior", on=today() - timedelta(days=200), by=hana)
    case = PromotionCase.nominate(sam, frontend.level_set.get(key="staff"), by=mara)
    words = page(mara, case.get_absolute_url())
    assert "Counting starts again on Frontend engineering" in words
    assert "Reviews up to Here used another framework, Backend engineering, so they" in words


# promotions


def test_the_policy_names_the_framework_of_each_level(signed_in, hana, edition, frontend):
    client = signed_in(hana)
    words = text(client.get(reverse("promotion_policy")))
    assert "Backend engineering: Staff" in words
    assert "Frontend engineering: Staff" in words
    sent = {
        "endorsements_needed": 1,
        "quorum": 3,
        "second_ballot": "never",
        "appeal_days": 14,
        "seats": ["frontend-engineering/staff"],
    }
    client.post(reverse("promotion_policy"), sent)
    assert Policy.here().levels_with_seat == ["frontend-engineering/staff"]


# publishing


def test_publishing_compares_within_its_own_framework_and_names_whom_it_concerns(
    signed_in, aude, hana, sam, wren, edition, frontend, due
):
    from competencies.framework.loading import load

    draft = load(FRONTEND.replace("Own pages.", "One page.").encode(), file="next.yaml", by=None)
    times = {"self_due_at": now() + timedelta(weeks=1), "manager_due_at": now() + timedelta(weeks=2)}
    Cycle.prepare(by=hana, name="Spring there", editions=[frontend], **times)
    Cycle.prepare(by=hana, name="Spring here", editions=[edition], **times)
    aude.grant("hr", by=hana)
    words = text(signed_in(Person.objects.get(pk=aude.pk)).get(reverse("publication", args=[draft.pk])))
    assert "Competencies 2 2" in words
    assert "From then on, edition 2 is in force for Frontend engineering and replaces edition 1." in words
    assert re.search(r"People with a level in this framework: 1 .*? Wren", words)
    assert "Spring there" in words
    assert "Spring here" not in words
    assert "Sam" not in words


def test_an_author_is_named_nobody_whom_they_may_not_read(signed_in, aude, mara, wren, frontend):
    PromotionCase.nominate(wren, frontend.level_set.get(key="staff"), by=mara)
    words = text(signed_in(aude).get(reverse("retirement", args=[frontend.pk])))
    assert "People with a level in this framework: 1" in words
    assert "Wren" not in words
    assert "None that you can read." in words
    assert "From then on, no edition of Frontend engineering is in force" in words


def test_a_lower_number_published_late_does_not_come_into_force(signed_in, aude, frontend):
    from competencies.framework.loading import load

    second = load(FRONTEND.replace("Own pages.", "One page.").encode(), file="next.yaml", by=None)
    publish(FRONTEND.replace("Own pages.", "A page."), by=aude)
    client, address = signed_in(aude), reverse("publication", args=[second.pk])
    assert "From then on, edition 3 is in force" in text(client.get(address))
    assert "A later edition stays in force" in text(client.post(address, follow=True))
