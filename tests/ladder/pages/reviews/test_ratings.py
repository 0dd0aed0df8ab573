from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from competencies.evidence.models import Evidence
from competencies.reviews.limits import COMMENT_LIMIT
from competencies.reviews.models import Rating
from tests.conftest import HTMX

HOSTILE = "<script>alert(1)</script>" * 4_000


def kept(assessment, competency):
    return Rating.objects.filter(assessment=assessment, competency=competency).first()


def test_keeps_an_answer_and_says_what_is_left(type_in, of_self, competencies, points):
    answer = type_in(of_self, point=points.consistent.pk, comment="Split the *ledger*.", htmx=True)

    assert answer.status_code == 200
    rating = kept(of_self, competencies[0])
    assert (rating.point, rating.comment, rating.version) == (points.consistent, "Split the *ledger*.", 1)
    body = answer.content.decode()
    assert 'name="version" value="1"' in body
    assert "1 of 15 rated" in body
    assert "<textarea" not in body, "the box in which somebody types is never drawn again"
    assert "HX-Request" in answer["Vary"]


def test_a_save_takes_few_queries(signed_in, of_self, evidence, competencies, points):
    """Session, person, and what a save asks, locks and writes; the transaction's own two are among them."""
    client, address = signed_in(of_self.author), f"/assessments/{of_self.pk}/ratings/{competencies[0].pk}/"
    pieces = [piece.pk for piece in evidence[:2]]
    client.post(address, {"version": 0, "point": points.developing.pk, "evidence": pieces}, headers=HTMX)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(
            address, {"version": 1, "point": points.consistent.pk, "evidence": pieces}, headers=HTMX
        )
    assert answer.status_code == 200
    assert len(queries) <= 18


def test_without_javascript_it_comes_back_to_the_place(type_in, of_self, competencies, points):
    answer = type_in(of_self, point=points.consistent.pk, comment="Text.")

    assert answer.status_code == 302
    assert answer.url == f"/assessments/{of_self.pk}/#rating-{competencies[0].pk}"
    assert kept(of_self, competencies[0]).comment == "Text."


def test_a_save_sent_twice_is_one_save(type_in, of_self, competencies):
    type_in(of_self, comment="Once.", htmx=True)

    again = type_in(of_self, comment="Once.", htmx=True)

    assert again.status_code == 200
    assert kept(of_self, competencies[0]).version == 1


@pytest.mark.parametrize("htmx", [True, False])
def test_a_stale_token_shows_both_texts_and_keeps_the_stored_one(type_in, of_self, competencies, htmx):
    type_in(of_self, comment="From the first window.")

    answer = type_in(of_self, comment="From the second window.", htmx=htmx)

    assert answer.status_code == 422
    assert "From the first window." in answer.content.decode()
    assert "From the second window." in answer.content.decode()
    assert kept(of_self, competencies[0]).comment == "From the first window."


def test_a_conflict_that_is_on_the_page_is_not_drawn_again(type_in, of_self):
    type_in(of_self, comment="First.")

    answer = type_in(of_self, comment="Second, longer.", known=1, htmx=True)

    assert answer.status_code == 422
    assert answer["HX-Reswap"] == "none"
    assert "Second, longer." in answer.content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_mine_may_be_kept_over_the_other(type_in, of_self, competencies, htmx):
    type_in(of_self, comment="First.")

    answer = type_in(of_self, comment="Mine.", over=1, htmx=htmx, pressed="over")

    assert answer.status_code in (200, 302)
    assert kept(of_self, competencies[0]).comment == "Mine."


def test_a_button_that_only_has_the_focus_decides_nothing(type_in, of_self, competencies):
    type_in(of_self, comment="First.")

    answer = type_in(of_self, comment="Still typing.", over=1, htmx=True, pressed="comment")

    assert answer.status_code == 422
    assert kept(of_self, competencies[0]).comment == "First."


@pytest.mark.parametrize("htmx", [True, False])
def test_both_texts_may_be_put_into_the_box(type_in, of_self, competencies, htmx):
    type_in(of_self, comment="First.")

    answer = type_in(of_self, comment="Second.", merge=1, htmx=htmx, pressed="merge")

    assert "Second.\n\nFirst.</textarea>" in answer.content.decode()
    assert kept(of_self, competencies[0]).comment == "First.", (
        "nothing is kept before the writer has edited it"
    )


def test_the_other_text_may_be_taken(signed_in, type_in, of_self, competencies, sam):
    type_in(of_self, comment="First.")
    url = f"/assessments/{of_self.pk}/ratings/{competencies[0].pk}/"

    assert "First.</textarea>" in signed_in(sam).get(url, headers=HTMX).content.decode()
    assert signed_in(sam).get(url).url.endswith(f"#rating-{competencies[0].pk}")


@pytest.mark.parametrize("htmx", [True, False])
def test_a_text_that_is_too_long_is_refused_in_words_and_not_lost(type_in, of_self, competencies, htmx):
    answer = type_in(of_self, comment=HOSTILE, htmx=htmx)

    assert answer.status_code == 422
    assert f"at most {COMMENT_LIMIT}" in answer.content.decode().replace(",", "")
    assert "<script>alert" not in answer.content.decode()
    assert kept(of_self, competencies[0]) is None
    if not htmx:
        assert "&lt;script&gt;alert(1)" in answer.content.decode(), "what was typed is still in the box"


def test_a_text_at_the_limit_is_kept_and_rendered_harmless(
    type_in, answer_all, of_self, of_manager, competencies, points, signed_in, sam, mara
):
    answer_all(of_self, points.consistent)
    text = HOSTILE[:COMMENT_LIMIT]
    assert type_in(of_self, comment=text, version=1, point=points.consistent.pk).status_code == 302
    of_self.submit(by=sam)
    answer_all(of_manager, points.consistent).submit(by=mara)

    page = signed_in(mara).get(f"/reviews/{of_self.review_id}/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_evidence_is_chosen_and_counted(type_in, of_self, evidence, competencies):
    answer = type_in(of_self, evidence=[evidence[0].pk, evidence[2].pk], htmx=True)

    assert "2 pieces of evidence" in answer.content.decode()
    assert set(kept(of_self, competencies[0]).evidence.all()) == {evidence[0], evidence[2]}


def test_evidence_of_somebody_else_is_refused(type_in, of_self, competencies, kit):
    theirs = Evidence.log(
        kit, by=kit, happened_on=date(2026, 1, 5), title="Kit's", competencies=competencies[:1]
    )

    answer = type_in(of_self, evidence=[theirs.pk], htmx=True)

    assert answer.status_code == 422
    assert kept(of_self, competencies[0]) is None


def test_a_point_of_nowhere_is_refused(type_in, of_self, competencies):
    assert type_in(of_self, point=999_999, htmx=True).status_code == 422
    assert kept(of_self, competencies[0]) is None


@pytest.mark.parametrize("version", ["", "-1", "x"])
def test_a_broken_token_is_refused(type_in, of_self, version):
    assert type_in(of_self, version=version, comment="Text.", htmx=True).status_code == 422


@pytest.mark.parametrize("name", ["mara", "dora", "hana", "kit", "otto"])
def test_nobody_else_writes_it(request, type_in, of_self, competencies, name):
    stranger = request.getfixturevalue(name)

    assert type_in(of_self, by=stranger, comment="Mine now.").status_code == 404
    assert type_in(of_self, by=stranger, comment="Mine now.", htmx=True).status_code == 404
    assert kept(of_self, competencies[0]) is None


def test_what_was_handed_in_is_not_written_any_more(type_in, revealed, of_self, competencies):
    answer = type_in(of_self, version=1, comment="One more word.", htmx=True)

    assert answer.status_code == 422
    assert "this assessment is submitted" in answer.content.decode()
    assert kept(of_self, competencies[0]).comment == "Seen in their work."


def test_unknown_ids_are_missing(signed_in, of_self, sam):
    assert (
        signed_in(sam).post(f"/assessments/{of_self.pk}/ratings/999999/", {"version": 0}).status_code == 404
    )
    assert signed_in(sam).post("/assessments/999999/ratings/1/", {"version": 0}).status_code == 404


def test_a_forged_form_is_refused(of_self, competencies, sam):
    client = Client(enforce_csrf_checks=True)
    client.force_login(sam)

    answer = client.post(f"/assessments/{of_self.pk}/ratings/{competencies[0].pk}/", {"version": 0})

    assert answer.status_code == 403
    assert kept(of_self, competencies[0]) is None


@pytest.fixture
def tell(signed_in, of_self, competencies):
    def send(by, *, htmx=False, **fields):
        url = f"/assessments/{of_self.pk}/ratings/{competencies[0].pk}/evidence/"
        data = {"title": "The split", "happened_on": "2026-01-05", "kind": "delivery", **fields}
        return signed_in(by).post(url, data, headers=HTMX if htmx else {})

    return send


def test_evidence_told_in_place_comes_ticked(tell, of_self, competencies, sam):
    answer = tell(sam, htmx=True)

    piece = Evidence.objects.get(title="The split")
    assert (piece.person, [tag.competency for tag in piece.tags.all()]) == (sam, competencies[:1])
    assert f'value="{piece.pk}" checked' in answer.content.decode()
    assert answer["HX-Trigger-After-Settle"] == f"told-{competencies[0].pk}"


def test_evidence_told_in_place_without_javascript(tell, type_in, of_self, competencies, points, sam):
    type_in(of_self, point=points.consistent.pk, comment="Text.")

    answer = tell(sam)

    assert answer.url == f"/assessments/{of_self.pk}/#rating-{competencies[0].pk}"
    rating = kept(of_self, competencies[0])
    assert [piece.title for piece in rating.evidence.all()] == ["The split"]
    assert (rating.point, rating.comment) == (points.consistent, "Text.")


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    "fields", [{"title": ""}, {"happened_on": "2999-01-01"}, {"link": "javascript:alert(1)"}]
)
def test_evidence_that_cannot_be_is_refused_beside_its_field(tell, sam, fields, htmx):
    answer = tell(sam, htmx=htmx, **fields)

    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert not Evidence.objects.filter(person=sam).exists()


def test_evidence_is_not_told_by_others(tell, mara, kit, hana):
    assert {tell(person).status_code for person in (mara, kit, hana)} == {404}


def test_the_form_for_evidence_opens_in_place_or_on_the_page(signed_in, of_self, competencies, sam, mara):
    url = f"/assessments/{of_self.pk}/ratings/{competencies[0].pk}/evidence/"

    in_place = signed_in(sam).get(url, headers=HTMX).content.decode()
    whole = signed_in(sam).get(url).content.decode()

    assert 'name="happened_on"' in in_place
    assert "<html" not in in_place
    assert whole.count('name="happened_on"') == 1
    assert signed_in(mara).get(url).status_code == 404
    assert signed_in(sam).delete(url).status_code == 405


def test_other_evidence_is_shown_when_it_is_asked_for(signed_in, of_self, evidence, competencies, sam, mara):
    url = f"/assessments/{of_self.pk}/ratings/{competencies[0].pk}/evidence/other/"
    page = signed_in(sam).get(f"/assessments/{of_self.pk}/").content.decode()
    assert page.count("Choose from 3 other pieces") == 4

    in_place = signed_in(sam).get(url, headers=HTMX).content.decode()
    whole = signed_in(sam).get(url).content.decode()

    assert in_place.count('type="checkbox"') == 3
    assert "<html" not in in_place
    assert whole.count('type="checkbox"') == page.count('type="checkbox"') + 3
    assert signed_in(mara).get(url).status_code == 404
    assert signed_in(sam).post(url).status_code == 405


def test_a_save_after_the_session_is_over_is_no_page_to_swap_in(of_self, competencies):
    url = f"/assessments/{of_self.pk}/ratings/{competencies[0].pk}/"

    answer = Client().post(url, {"version": 0, "comment": "Text."}, headers=HTMX, follow=True)

    assert answer.status_code == 401
    assert not answer.content
    assert kept(of_self, competencies[0]) is None
