import re

import pytest
from django.urls import reverse

from competencies.framework.models import Edition
from ladder.web.drawn_once import store

LADDER = "/ladder/"


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_an_engineer_reads_the_ladder_on_their_own_track(signed_in, sam, competencies):
    page = signed_in(sam).get(LADDER)
    words = text(page)
    assert "Java backend (yours)" in words
    assert words.count("your level") == 1
    assert page.content.decode().count('data-own="your level"') == len(competencies)
    assert all(str(competency) in page.content.decode() for competency in competencies)


def test_the_table_is_drawn_once_for_all_who_stand_alike(signed_in, sam, mara, hana, dora):
    store.forget()

    pages = {
        person: signed_in(person).get(LADDER).content.decode() for person in (sam, hana, sam, hana, dora)
    }

    drawn = store.texts()
    assert len(drawn) == 2, "for a level of one's own and for none"
    assert 'data-own="your level"' in pages[sam]
    assert "data-own" not in pages[hana]
    assert 'action="' not in str(drawn), "no form, so no token"
    assert [str(person) for person in (sam, hana, dora) if str(person) in str(drawn)] == []


def test_what_an_author_changes_in_a_draft_is_drawn_anew(signed_in, draft, aude):
    client = signed_in(aude)
    assert "alone." in client.get(draft.get_absolute_url()).content.decode()

    draft.competency_set.first().expectations.update(summary="Designs them with others.")

    assert "Designs them with others." in client.get(draft.get_absolute_url()).content.decode()


def test_a_track_is_chosen_by_address(signed_in, sam):
    page = signed_in(sam).get(LADDER, {"track": "jvm"}).content.decode()
    assert re.search(r'href="\?track=jvm" aria-current="page"', page)
    assert "?track=jvm#level-lead" in page


@pytest.mark.parametrize("track", ["", "nonsense", "<b>", "java\x00"])
def test_a_track_that_is_not_there_falls_back(signed_in, sam, track):
    page = signed_in(sam).get(LADDER, {"track": track})
    assert page.status_code == 200
    assert 'href="?track=java" aria-current="page"' in page.content.decode()


def test_somebody_without_a_level_reads_the_first_track(signed_in, hana):
    page = signed_in(hana).get(LADDER).content.decode()
    assert 'href="?track=jvm" aria-current="page"' in page
    assert "data-own" not in page


def test_a_cell_says_how_many_behaviours_and_on_what_they_rest(signed_in, sam, competencies):
    words = text(signed_in(sam).get(LADDER))
    bases = "4 from the role description, 0 adapted from another role, 0 our interpretation"
    assert f"4 behaviours of {competencies[0]} at Senior: {bases}" in words


def test_cells_lead_to_the_competency_at_the_level_and_heads_to_the_role(
    signed_in, sam, competencies, tracks, levels
):
    client = signed_in(sam)
    page = client.get(LADDER).content.decode()
    cell = f"{competencies[0].get_absolute_url()}?track=java#level-staff"
    assert cell in page
    assert 'id="level-staff"' in client.get(cell).content.decode()
    role = reverse("role", args=[tracks.java.pk, levels.lead.pk])
    assert role in page
    assert client.get(role).status_code == 200


def test_without_an_edition_readers_learn_who_can_publish(signed_in, edition, aude, sam):
    edition.retire(by=aude)
    words = text(signed_in(sam).get(LADDER))
    assert "No career framework is published yet" in words
    assert "Aude" in words
    assert reverse("editions") in signed_in(aude).get(LADDER).content.decode()


def test_a_draft_is_for_authors(signed_in, draft, aude, sam, hana, mara):
    url = draft.get_absolute_url()
    page = text(signed_in(aude).get(url))
    assert "This is a draft" in page
    assert "Designs the services they own, alone." in page
    for reader in (sam, hana, mara):
        assert signed_in(reader).get(url).status_code == 404


def test_a_draft_leads_to_its_own_pages_and_back(signed_in, draft, aude):
    client = signed_in(aude)
    competency = draft.competency_set.first()
    page = client.get(f"{competency.get_absolute_url()}?track=java").content.decode()
    passage = re.search(rf'href="(/sources/\d+/\?edition={draft.pk}#s\d+)"', page).group(1)
    back = client.get(passage).content.decode()
    assert f'href="{competency.get_absolute_url()}' in back
    assert f'href="{draft.get_absolute_url()}?track=java"' in page


def test_an_older_edition_says_which_is_in_force(signed_in, edition, draft, aude, sam):
    draft.publish(by=aude)
    words = text(signed_in(sam).get(edition.get_absolute_url()))
    assert "This edition isn’t in force" in words
    assert "alone." in text(signed_in(sam).get(LADDER))


@pytest.mark.parametrize("pk", [0, 987654321, 10**19])
def test_an_unknown_edition_is_missing(signed_in, sam, pk):
    assert signed_in(sam).get(f"/editions/{pk}/").status_code == 404


def test_a_visitor_signs_in_first(client, db):
    assert client.get(LADDER).status_code == 302


def test_the_ladder_is_only_read(signed_in, sam, edition):
    assert signed_in(sam).post(LADDER).status_code == 405
    assert signed_in(sam).post(edition.get_absolute_url()).status_code == 405


def test_the_number_of_queries_does_not_grow(count_queries, sam, aude, doubled):
    before = count_queries(sam, LADDER)
    doubled.publish(by=aude)
    assert Edition.objects.in_force().get().competency_set.count() == 30
    assert count_queries(sam, LADDER) == before
