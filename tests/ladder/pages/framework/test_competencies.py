import re
from html import unescape

import pytest
from django.urls import reverse

from competencies.framework.models import Behaviour, Competency
from competencies.sources.models import Source

from .test_matrices import text


@pytest.fixture
def competency(edition):
    return edition.competency_set.get(key="data-and-persistence")


def test_a_competency_says_everything_about_itself(signed_in, sam, competency):
    words = unescape(text(signed_in(sam).get(competency.get_absolute_url())))
    for said in (competency.title, competency.summary, competency.area.title, "in addition to Senior"):
        assert said in words
    for expectation in competency.expectations.all():
        assert expectation.summary in words
        assert expectation.pitfall in words
    for example in competency.evidence:
        assert example["text"] in words


def test_behaviours_are_those_of_the_chosen_track(signed_in, sam, competency, tracks):
    client, asked = signed_in(sam), Behaviour.objects.filter(expectation__competency=competency)
    for track in (tracks.jvm, tracks.backend, tracks.java):
        page = client.get(competency.get_absolute_url(), {"track": track.key}).content.decode()
        shown = {int(pk) for pk in re.findall(r'id="b-(\d+)"', page)}
        assert shown == set(asked.asked_of(track).values_list("pk", flat=True))


def test_each_behaviour_leads_to_its_passage_and_back(signed_in, sam, behaviour):
    client = signed_in(sam)
    page = client.get(behaviour.get_absolute_url()).content.decode()
    item = page[page.index(f'id="b-{behaviour.pk}"') :].split("</li>")[0]
    links = re.findall(r'href="(/sources/\d+/#(s\d+))"', item)
    assert len(links) == behaviour.citations.count()
    for link, anchor in links:
        source = client.get(link).content.decode()
        assert f'id="{anchor}"' in source
        passage = source[source.index(f'id="{anchor}"') :].split("passages__item")[0]
        assert f'href="{behaviour.get_absolute_url()}"' in passage


def test_every_link_between_behaviours_and_passages_resolves(signed_in, sam, edition):
    client = signed_in(sam)
    pages = {}
    for source in Source.objects.all():
        html = client.get(source.get_absolute_url()).content.decode()
        for url, anchor in re.findall(r'href="(/competencies/[^"#]+)#([^"]+)"', html):
            if url not in pages:
                pages[url] = client.get(url).content.decode()
            assert f'id="{anchor}"' in pages[url], f"{url}#{anchor}"
    assert len(pages) > 15


def test_skills_come_with_strength_qualifier_and_citation(signed_in, sam, competency):
    client = signed_in(sam)
    jvm = text(client.get(competency.get_absolute_url(), {"track": "jvm"}))
    assert re.search(r"PostgreSQL\s+One of several", jvm)
    assert re.search(r"Hibernate\s+Named as an example", jvm)
    java = text(client.get(competency.get_absolute_url(), {"track": "java"}))
    assert "Hibernate" not in java


def test_levels_stand_side_by_side(signed_in, sam, competency):
    page = signed_in(sam).get(competency.get_absolute_url(), {"view": "changes"})
    words = text(page)
    assert "adds to Senior" in words
    assert "Behaviours on Java backend" in words
    assert 'href="?track=jvm&amp;view=changes"' in page.content.decode()


def test_neighbours_are_one_click_away(signed_in, sam, competencies):
    client = signed_in(sam)
    first, middle, last = (
        client.get(competencies[at].get_absolute_url()).content.decode() for at in (0, 5, -1)
    )
    assert 'rel="prev"' not in first
    assert 'rel="next"' in first
    assert f"{competencies[4].get_absolute_url()}?track=java" in middle
    assert f"{competencies[6].get_absolute_url()}?track=java" in middle
    assert 'rel="next"' not in last


def test_a_draft_competency_is_missing_for_readers(signed_in, draft, aude, sam):
    url = draft.competency_set.first().get_absolute_url()
    assert signed_in(aude).get(url).status_code == 200
    assert signed_in(sam).get(url).status_code == 404
    assert signed_in(sam).get(reverse("competency", args=[10**9])).status_code == 404
    assert signed_in(aude).post(url).status_code == 405


def test_the_number_of_queries_does_not_grow(count_queries, sam, aude, doubled, competency):
    before = count_queries(sam, competency.get_absolute_url())
    doubled.publish(by=aude)
    busiest = Competency.objects.get(edition=doubled, key="languages-and-frameworks")
    assert count_queries(sam, busiest.get_absolute_url()) == before
