from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from competencies.framework.models import Edition
from competencies.framework.parser import MAX_BYTES
from competencies.trail.models import Entry
from tests.conftest import BUILT_IN, HTMX

from .test_matrices import text

URL = "/editions/import/"
CHANGED = BUILT_IN.read_bytes().replace(b"Designs the services they own.", b"Designs services.")


def post(client, content, name="ladder.yaml", **options):
    return client.post(URL, {"file": SimpleUploadedFile(name, content)}, **options)


@pytest.fixture
def author(signed_in, aude):
    return signed_in(aude)


def test_the_form(author):
    assert "up to 2 MiB" in text(author.get(URL))


def test_a_file_becomes_a_draft(author, edition, aude):
    response = post(author, CHANGED, follow=True)
    draft = Edition.objects.get(number=2)
    assert response.redirect_chain == [(draft.get_absolute_url(), 302)]
    assert "is a draft and matches the file" in text(response)
    assert draft.state == "draft"
    assert Entry.objects.get(action="edition.loaded", row_pk=str(draft.pk)).actor == aude


def test_a_file_becomes_a_draft_with_htmx(author, edition):
    response = post(author, CHANGED, headers=HTMX)
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    assert Edition.objects.count() == 2


def test_the_same_file_again_changes_nothing(author, edition):
    response = post(author, BUILT_IN.read_bytes(), follow=True)
    assert "Nothing was changed" in text(response)
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_every_fault_is_shown_and_nothing_changes(author, edition, headers):
    broken = CHANGED.replace(b"rung: 1", b"rung: one", 1).replace(b"format: 1", b"format: 9", 1)
    response = post(author, broken, headers=headers)
    words = unescape(text(response))
    assert response.status_code == 422
    assert "This file has 2 errors" in words
    line = next(n for n, row in enumerate(broken.decode().splitlines(), 1) if "rung: one" in row)
    assert f"ladder.yaml:{line}:11" in words
    assert "levels[1].rung" in words
    assert Edition.objects.count() == 1


def test_the_name_of_the_file_and_its_words_are_escaped(author):
    response = post(author, b"<script>: 1", name="<img src=x>.yaml")
    page = response.content.decode()
    assert response.status_code == 422
    assert "<img src=x" not in page
    assert "<script>:" not in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (MAX_BYTES + 1), "larger than 2 MiB"),
        (b"", "empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"a: *b", "Aliases"),
        (b"PK\x03\x04", "This file has one error"),
    ],
    ids=["big", "empty", "binary", "alias", "zip"],
)
def test_bad_files_get_a_clear_answer(author, edition, content, said):
    response = post(author, content)
    assert response.status_code == 422
    assert said in text(response)
    assert Edition.objects.count() == 1


def test_no_file(author):
    response = author.post(URL, {})
    assert response.status_code == 422
    assert "Choose a file first." in text(response)


@pytest.mark.parametrize("name", ["sam", "mara", "hana", "otto"])
def test_for_everyone_else_it_is_missing(request, signed_in, edition, name):
    client = signed_in(request.getfixturevalue(name))
    assert client.get(URL).status_code == 404
    assert post(client, CHANGED).status_code == 404
    assert Edition.objects.count() == 1


def test_other_methods(author):
    assert author.put(reverse("edition_import")).status_code == 405
