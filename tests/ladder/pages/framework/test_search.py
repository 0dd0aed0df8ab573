from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from competencies.evidence.models import Evidence

from .test_matrices import text


@pytest.fixture
def find(signed_in):
    return lambda person, words: signed_in(person).get(reverse("search"), {"q": words})


def test_words_are_marked_and_grouped_by_kind(find, sam):
    page = find(sam, "kafka").content.decode()
    assert "<mark>Kafka</mark>" in page
    for heading in ("Behaviours", "Skills", "Passages"):
        assert f">{heading}</h2>" in page


def test_every_hit_leads_somewhere(find, signed_in, sam):
    client = signed_in(sam)
    for group in find(sam, "spring boot").context["groups"]:
        for result in group["results"]:
            page = client.get(result.url)
            assert page.status_code == 200
            anchor = result.url.partition("#")[2]
            assert f'id="{anchor}"' in page.content.decode() if anchor else True


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '"><img src=x>', "team <b>", "&amp;", "\0team"]
)
def test_what_was_asked_is_escaped(find, sam, words):
    page = find(sam, words)
    assert page.status_code == 200
    for tag in ("<script>alert", "<img src=x", "<b>"):
        assert tag not in page.content.decode()


def test_what_is_found_is_escaped(find, sam, competencies):
    day = timezone.localdate() - timedelta(days=1)
    Evidence.log(sam, by=sam, happened_on=day, title="The <b>zebra</b> report", competencies=competencies[:1])
    page = find(sam, "zebra").content.decode()
    assert "The &lt;b&gt;<mark>zebra</mark>&lt;/b&gt; report" in page
    page = find(sam, "<b>zebra</b>").content.decode()
    assert "<b>" not in page
    assert "<mark>b&gt;zebra</mark>&lt;/<mark>b</mark>" in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "What are you looking for?"),
        ("   ", "What are you looking for?"),
        ("a", "That’s too short"),
        ("xyzzy", "Nothing found"),
    ],
)
def test_nothing_to_show(find, sam, words, said):
    assert said in text(find(sam, words))


def test_a_kind_is_bounded_and_says_that_there_is_more(find, sam):
    page = find(sam, "the")
    groups = {group["kind"]: group for group in page.context["groups"]}
    assert len(groups["behaviour"]["results"]) == 20
    assert "There are more results. Add a word to narrow them down." in text(page)


def test_a_manager_finds_their_people_and_their_evidence(find, sam, mara, evidence):
    words = unescape(text(find(mara, "sam")))
    assert "People" in words
    assert "Sam" in words
    assert "Piece 1" in unescape(text(find(mara, "piece")))


def test_a_stranger_does_not(find, kit, noor, evidence):
    for reader in (kit, noor):
        words = text(find(reader, "piece 1"))
        assert "Nothing found" in words
        assert "Sam" not in text(find(reader, "sam@testing")).replace("“sam", "")
        assert all(group["kind"] != "person" for group in find(reader, "sam").context["groups"])


def test_drafts_are_not_found(find, draft, aude, sam):
    for reader in (aude, sam):
        assert "Nothing found" in text(find(reader, "making many"))


def test_without_an_edition_people_are_still_found(find, edition, aude, hana):
    edition.retire(by=aude)
    groups = find(hana, "sam").context["groups"]
    assert [group["kind"] for group in groups] == ["person"]


def test_searching_is_reading(signed_in, sam):
    assert signed_in(sam).post(reverse("search"), {"q": "team"}).status_code == 405


def test_the_number_of_queries_does_not_grow(count_queries, sam, aude, doubled):
    url = f"{reverse('search')}?q=e+t"
    before = count_queries(sam, url)
    doubled.publish(by=aude)
    assert count_queries(sam, url) == before


@pytest.mark.parametrize(
    "words", ["resume of café", "RÉSUMÉ cafe", "obrien", "O'Brien", "o’brien", "rés", "go"]
)
def test_what_is_written_is_found_however_it_is_typed(find, sam, competencies, words):
    day = timezone.localdate() - timedelta(days=1)
    title = "Résumé of Café O’Brien in Go"
    Evidence.log(sam, by=sam, happened_on=day, title=title, competencies=competencies[:1])
    groups = {group["kind"]: group["results"] for group in find(sam, words).context["groups"]}
    assert ["".join(piece.text for piece in row.title) for row in groups["evidence"]] == [title]


@pytest.mark.parametrize("words", ["sumé", "afe", "brien’s", "rg", "ca"])
def test_the_middle_of_a_word_and_a_short_beginning_are_not_found(find, sam, competencies, words):
    day = timezone.localdate() - timedelta(days=1)
    Evidence.log(sam, by=sam, happened_on=day, title="Résumé of Cafe O’Brien", competencies=competencies[:1])
    assert all(group["kind"] != "evidence" for group in find(sam, words).context["groups"])


def test_people_are_found_as_in_the_directory(find, signed_in, hana, sam):
    sam.describe(by=hana, name="Renée O’Neill")
    for words in ("renee", "oneill", "O'Neill ren", "neill"):
        groups = {group["kind"]: group for group in find(hana, words).context["groups"]}
        assert [result.url for result in groups["person"]["results"]] == [sam.get_absolute_url()], words
        listed = signed_in(hana).get("/people/", {"q": words}).context["page"]
        assert [person.pk for person in listed.object_list] == [sam.pk]
