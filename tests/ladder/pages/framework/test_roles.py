from html import unescape

import pytest
from django.urls import reverse

from competencies.framework.models import Behaviour

from .test_matrices import text


def role(track, level):
    return reverse("role", args=[track.pk, level.pk])


def test_a_role_says_what_it_asks_for(signed_in, sam, tracks, levels, competencies):
    page = signed_in(sam).get(role(tracks.java, levels.staff))
    words = unescape(text(page))
    assert "Staff, Java backend" in words
    for fact in levels.staff.facets.values():
        assert fact in words
    for competency in competencies:
        assert competency.title in words
    for behaviour in Behaviour.objects.filter(expectation__level=levels.staff).asked_of(tracks.java):
        assert behaviour.text in words
    assert "Everything expected at Senior" in words
    assert "Senior and Staff Java Backend Engineer" in words


def test_it_counts_what_is_stated_and_what_is_carried(signed_in, sam, tracks, levels):
    asked = Behaviour.objects.filter(expectation__level=levels.lead).asked_of(tracks.jvm)
    stated = asked.with_basis(tracks.jvm).filter(rests_on="stated").count()
    words = text(signed_in(sam).get(role(tracks.jvm, levels.lead)))
    assert f"Behaviours {asked.count()}" in words
    assert f"From the role description {stated} A description of this role says so" in words


def test_a_role_that_no_document_describes_says_so(signed_in, sam, tracks, levels):
    words = text(signed_in(sam).get(role(tracks.backend, levels.senior)))
    assert "No role description covers this track at this level" in words


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("senior", {"Staff": "next step", "Lead": "next step"}),
        ("staff", {"Lead": "lateral move", "Senior": "included in this level"}),
        ("lead", {"Staff": "lateral move", "Senior": "included in this level"}),
    ],
)
def test_where_a_level_leads(signed_in, sam, tracks, levels, level, said):
    words = text(signed_in(sam).get(role(tracks.java, getattr(levels, level))))
    where = words[words.index("Related levels") :]
    for title, way in said.items():
        assert f"{title} {way}" in where.replace("  ", " ")


def test_hiring_guidance_is_marked_as_assessed_nowhere(signed_in, sam, tracks, levels):
    words = text(signed_in(sam).get(role(tracks.backend, levels.lead)))
    assert "8-10+ years" in words
    assert "For hiring only, never assessed." in words
    assert "Guidance for hiring" not in text(signed_in(sam).get(role(tracks.jvm, levels.lead)))


def test_skills_are_grouped_by_strength(signed_in, sam, tracks, levels):
    words = text(signed_in(sam).get(role(tracks.jvm, levels.lead)))
    order = [
        words.rindex(f"{name} ") for name in ("Required", "Valued", "One of several", "Named as an example")
    ]
    assert order == sorted(order)


def test_the_own_role_is_marked(signed_in, sam, stella, tracks, levels):
    assert "your role" in text(signed_in(sam).get(role(tracks.java, levels.senior)))
    assert "your role" not in text(signed_in(stella).get(role(tracks.java, levels.senior)))


def test_levels_and_tracks_of_different_editions_make_no_role(signed_in, aude, draft, tracks, levels):
    assert signed_in(aude).get(role(tracks.java, draft.level_set.first())).status_code == 404
    assert signed_in(aude).get(role(draft.track_set.first(), levels.senior)).status_code == 404


def test_a_role_of_a_draft_is_for_authors(signed_in, aude, sam, draft):
    url = role(draft.track_set.first(), draft.level_set.first())
    assert signed_in(aude).get(url).status_code == 200
    assert signed_in(sam).get(url).status_code == 404
    assert signed_in(aude).post(url).status_code == 405


def test_the_number_of_queries_does_not_grow(count_queries, sam, aude, doubled, tracks, levels):
    before = count_queries(sam, role(tracks.java, levels.lead))
    doubled.publish(by=aude)
    track, level = doubled.track_set.get(key="java"), doubled.level_set.get(key="lead")
    assert count_queries(sam, role(track, level)) == before
