import pytest
from django.urls import reverse

from competencies.framework.models import Edition
from tests.conftest import HTMX

from .test_matrices import text


def state(edition):
    return Edition.objects.get(pk=edition.pk).state


def publication(edition):
    return reverse("publication", args=[edition.pk])


def retirement(edition):
    return reverse("retirement", args=[edition.pk])


def test_publishing_is_asked_once_more(signed_in, aude, draft):
    page = signed_in(aude).get(publication(draft))
    words = text(page)
    assert "You can’t change or unpublish an edition once it’s published" in words
    assert "Edition 1, in force now" in words
    assert "Behaviours 179 179" in words
    assert state(draft) == "draft"


def test_an_author_publishes(signed_in, aude, sam, draft):
    response = signed_in(aude).post(publication(draft), follow=True)
    assert response.redirect_chain == [(reverse("editions"), 302)]
    assert "is published and in force" in text(response)
    assert state(draft) == "published"
    assert signed_in(sam).get(draft.get_absolute_url()).status_code == 200


def test_an_author_publishes_with_htmx(signed_in, aude, draft):
    response = signed_in(aude).post(publication(draft), headers=HTMX)
    assert response.status_code == 200
    assert f'id="publication-{draft.pk}"' in response.content.decode()
    assert "<html" not in response.content.decode()
    assert state(draft) == "published"


def test_an_author_retires(signed_in, aude, edition):
    client = signed_in(aude)
    assert "You can’t bring back a retired edition" in text(client.get(retirement(edition)))
    client.post(retirement(edition))
    assert state(edition) == "retired"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_what_cannot_be_done_is_refused_in_words(signed_in, aude, edition, draft, headers):
    client = signed_in(aude)
    again = client.post(publication(edition), headers=headers)
    assert again.status_code == 422
    assert "This edition is already published." in text(again)
    early = client.post(retirement(draft), headers=headers)
    assert early.status_code == 422
    assert "Only a published edition can be retired." in text(early)
    assert [state(edition), state(draft)] == ["published", "draft"]


def test_the_page_of_a_published_edition_offers_nothing(signed_in, aude, edition):
    page = signed_in(aude).get(publication(edition))
    assert "This edition is already published." in text(page)
    assert "<form method" not in page.content.decode()


@pytest.mark.parametrize("name", ["sam", "mara", "hana", "otto"])
def test_for_everyone_else_it_is_missing(request, signed_in, edition, draft, name):
    client = signed_in(request.getfixturevalue(name))
    for url in (publication(draft), retirement(edition)):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404
    assert [state(edition), state(draft)] == ["published", "draft"]


def test_reading_publishes_nothing_and_other_methods_are_refused(signed_in, aude, draft):
    client = signed_in(aude)
    client.head(publication(draft))
    assert client.put(publication(draft)).status_code == 405
    assert client.delete(retirement(draft)).status_code == 405
    assert state(draft) == "draft"


def test_a_forged_form_is_refused(aude, draft):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(aude)
    assert client.post(publication(draft)).status_code == 403
    assert state(draft) == "draft"
