"""An address that a form is sent to, opened by hand: it leads to the page of the form, or is not there."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver

from competencies.reviews.models import Review
from competencies.trail.models import Entry
from ladder.web.posted_from import posted_from
from tests.access.resolving import routes

HTMX = {"HX-Request": "true"}
# What has no page: it acts for whoever sends it, from any page there is.
WITHOUT_PAGE = {"sign_in_as", "sign_out", "theme", "outcome"}


def test_every_address_that_takes_post_alone_leads_to_a_page():
    dead_ends = {
        name for name, route in routes().items() if route.methods == {"POST"} and not name.startswith("api-")
    }

    assert dead_ends == WITHOUT_PAGE


def test_each_leads_to_an_address_that_there_is():
    pages = {
        pattern.callback.posted_from
        for part in get_resolver().url_patterns
        for pattern in getattr(part, "url_patterns", [])
        if hasattr(pattern.callback, "posted_from")
    }

    assert "review" in pages
    assert pages <= routes().keys()
    assert not {name for name in pages if routes()[name].methods == {"POST"}}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("action", ["yardstick", "discussion", "signoff"])
def test_whoever_may_read_it_is_led_to_the_review(signed_in, revealed, sam, action, headers):
    read = Entry.objects.count()

    answer = signed_in(sam).get(f"/reviews/{revealed.pk}/{action}/", headers=headers)

    assert (answer.status_code, answer["Location"]) == (302, revealed.get_absolute_url())
    assert Entry.objects.count() == read
    assert not Review.objects.get(pk=revealed.pk).signoffs.exists()


def test_who_may_not_is_told_the_same_as_of_none(signed_in, revealed, kit):
    client = signed_in(kit)

    refused, missing = (client.get(f"/reviews/{pk}/discussion/") for pk in (revealed.pk, 987_654))

    assert refused.status_code == missing.status_code == 404
    one_time = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    assert plain(refused, one_time) == plain(missing, one_time)


def plain(answer, one_time):
    """Return the text that a page shows, without what differs from one request to the next."""
    text = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return text.replace(one_time, "") if one_time else text


@pytest.mark.parametrize(("who", "status"), [("hana", 302), ("mara", 404)])
def test_a_page_of_the_organisation_asks_its_rule(request, signed_in, who, status):
    assert signed_in(request.getfixturevalue(who)).get("/organisation/name/").status_code == status


def test_a_page_that_everybody_has_is_led_to_without_a_rule(signed_in, sam):
    assert signed_in(sam).get("/committees/new/")["Location"] == "/committees/"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_answered(method):
    view = posted_from("home")(lambda request: HttpResponse("posted"))

    assert view(getattr(RequestFactory(), method)("/")).status_code == 405
    assert view(RequestFactory().post("/")).content == b"posted"
