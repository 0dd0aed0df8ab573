from html import unescape

import pytest
from django.urls import reverse

from competencies.framework.loading import load
from competencies.sources.models import Source
from tests.conftest import BUILT_IN

from .test_matrices import text


@pytest.fixture
def source(edition):
    return Source.objects.get(key="000")


def test_the_list_says_what_each_document_describes(signed_in, sam, edition):
    words = text(signed_in(sam).get(reverse("sources")))
    for source in Source.objects.all():
        assert source.title in words
    assert "Senior, Java backend" in words
    assert "Staff, Java backend" in words


def test_the_list_without_an_edition(signed_in, sam, edition, aude):
    edition.retire(by=aude)
    assert "No sources yet" in text(signed_in(sam).get(reverse("sources")))


def test_a_source_shows_passages_and_what_cites_them(signed_in, sam, source):
    words = unescape(text(signed_in(sam).get(source.get_absolute_url())))
    for passage in source.passages.all():
        assert passage.gist in words
        assert all(term in words for term in passage.terms)
    for said in (
        "Skill: Spring Boot",
        "The track itself",
        "The level itself",
        "Area: Leadership and collaboration",
    ):
        assert said in words
    assert "All 23 passages are cited." in words


def test_passages_that_nothing_cites_are_named_and_kept_text_is_shown(signed_in, sam, aude):
    extra = '      - {n: 99, gist: Says nothing., text: "An <b>own</b> sentence."}\n'
    content = BUILT_IN.read_text().replace('  - key: "001"\n', extra + '  - key: "001"\n', 1)
    edition = load(content.encode(), file="x.yaml", by=None)
    edition.publish(by=aude)
    page = signed_in(sam).get(Source.objects.get(key="000", revision=2).get_absolute_url()).content.decode()
    assert 'class="citation" href="#s99"' in page
    assert "An &lt;b&gt;own&lt;/b&gt; sentence." in page
    assert "Not cited" in page


def test_a_citation_from_a_draft_is_for_authors(signed_in, draft, source, sam, aude):
    client = signed_in(aude)
    mine = f"{source.get_absolute_url()}?edition={draft.pk}"
    competency = draft.competency_set.first().get_absolute_url()
    assert competency in client.get(mine).content.decode()
    assert signed_in(sam).get(mine).status_code == 404
    assert competency not in signed_in(sam).get(source.get_absolute_url()).content.decode()


@pytest.mark.parametrize("edition_pk", ["x", "", "-1", "1" * 30])
def test_an_edition_that_is_no_number_is_passed_over(signed_in, sam, source, edition_pk):
    page = signed_in(sam).get(source.get_absolute_url(), {"edition": edition_pk})
    assert page.status_code == 200


def test_a_source_of_a_retired_edition_is_still_read(signed_in, sam, aude, edition, source):
    edition.retire(by=aude)
    assert "Counted in Backend engineering, edition 1." in text(signed_in(sam).get(source.get_absolute_url()))


def test_unknown_and_posted(signed_in, sam, source):
    assert signed_in(sam).get(reverse("source", args=[10**9])).status_code == 404
    assert signed_in(sam).post(source.get_absolute_url()).status_code == 405
    assert signed_in(sam).post(reverse("sources")).status_code == 405


def test_the_number_of_queries_does_not_grow(count_queries, sam, aude, doubled, source):
    before = [count_queries(sam, url) for url in (reverse("sources"), source.get_absolute_url())]
    doubled.publish(by=aude)
    assert [count_queries(sam, url) for url in (reverse("sources"), source.get_absolute_url())] == before
