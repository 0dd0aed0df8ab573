from django.urls import reverse

from competencies.framework.loading import load
from competencies.framework.models import Edition

from .test_matrices import text


def test_an_author_sees_drafts_and_what_to_do_with_them(signed_in, aude, draft, edition):
    page = signed_in(aude).get(reverse("editions"))
    words = text(page)
    assert "In force" in words
    assert "Draft" in words
    assert edition.digest[:12] in words
    for name, row in (("publication", draft), ("retirement", edition), ("edition_file", draft)):
        assert reverse(name, args=[row.pk]) in page.content.decode()
    assert reverse("edition_import") in page.content.decode()


def test_a_reader_sees_published_editions_and_no_buttons(signed_in, sam, draft, edition):
    page = signed_in(sam).get(reverse("editions")).content.decode()
    assert str(edition) in page
    assert str(draft) not in page
    for name in ("publication", "retirement", "edition_import"):
        assert reverse(name, args=[] if name == "edition_import" else [edition.pk]) not in page


def test_the_empty_list_says_what_to_do(signed_in, aude, sam, monkeypatch):
    monkeypatch.setattr(Edition.objects, "allowing", lambda *_args: Edition.objects.none())
    assert "Import a framework file to create the first draft." in text(
        signed_in(aude).get(reverse("editions"))
    )
    assert "No frameworks yet" in text(signed_in(sam).get(reverse("editions")))


def test_an_edition_is_downloaded_and_imported_again(signed_in, sam, edition):
    response = signed_in(sam).get(reverse("edition_file", args=[edition.pk]))
    assert response.headers["Content-Disposition"] == 'attachment; filename="backend-engineering-1.yaml"'
    assert load(response.content, file="again.yaml", by=None) == edition


def test_a_draft_file_is_for_authors(signed_in, sam, aude, draft):
    url = reverse("edition_file", args=[draft.pk])
    assert signed_in(aude).get(url).status_code == 200
    assert signed_in(sam).get(url).status_code == 404
    assert signed_in(aude).post(url).status_code == 405


def test_the_number_of_queries_does_not_grow(count_queries, aude, edition, tiny_editions):
    before = count_queries(aude, reverse("editions"))
    tiny_editions(4)
    assert count_queries(aude, reverse("editions")) == before
