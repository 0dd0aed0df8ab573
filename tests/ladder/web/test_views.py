from unittest import mock

import pytest

from competencies.core.refusals import Denied
from competencies.people.models import Organisation
from competencies.reviews.models import Review
from ladder.ops.liveness import sign_of_life
from ladder.web.views import IN_THE_WHOLE, marked_organisation, onward, query


def test_what_is_denied_between_finding_and_doing_looks_missing(signed_in, revealed, mara):
    """Two tabs at once: both find the review, and the second is too late."""
    with mock.patch.object(Review, "discuss", side_effect=Denied("reviews.discuss_review")):
        answer = signed_in(mara).post(f"/reviews/{revealed.pk}/discussion/")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "/cases/",
        "/cases/{case}/",
        "/cases/{case}/evidence/",
        "/cases/{case}/packet/",
        "/people/{sam}/cases/new/",
    ],
)
def test_a_page_that_can_be_read_has_a_head(signed_in, case, sam, mara, page):
    assert signed_in(mara).head(page.format(case=case.pk, sam=sam.pk)).status_code == 200


def test_a_watcher_may_ask_for_the_head_alone(client, db):
    sign_of_life()

    assert {client.head(address).status_code for address in ("/healthz", "/readyz")} == {200}


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/reviews/", "/reviews/"),
        ("https://elsewhere.example/", ""),
        ("//elsewhere.example/", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_one_goes_on_to_our_own_addresses_alone(rf, wanted, leads):
    assert onward(rf.get("/", {"next": wanted})) == onward(rf.post("/", {"next": wanted})) == leads


def test_the_query_of_a_list_is_kept_without_its_page(rf):
    assert query(rf.get("/trail/", {"action": "case.", "page": "3"})) == "action=case."


def test_a_character_that_no_database_keeps_finds_nothing(signed_in, hana, sam):
    """PostgreSQL would answer with an error; it is asked in the second round of the tests."""
    assert signed_in(hana).get("/people/", {"q": "sam\0"}).status_code == 200
    assert signed_in(sam).get(f"/people/{sam.pk}/evidence/new/", {"competency": "\0"}).status_code == 200


def test_the_organisation_is_marked_for_each_as_the_rules_say(mara, sam, hana, aude, otto, gone):
    here, told = Organisation.here(), set()
    for visitor in (mara, sam, hana, aude, otto, gone):
        (marked,) = marked_organisation(visitor)
        marks = {name: getattr(marked, name) for name in IN_THE_WHOLE}

        assert marked == here
        assert marks == {name: visitor.has_perm(action, here) for name, action in IN_THE_WHOLE.items()}
        told |= set(marks.items())

    assert told > {(name, False) for name in IN_THE_WHOLE}
