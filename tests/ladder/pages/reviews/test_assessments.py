import re
from datetime import timedelta

import pytest
from django.utils import timezone

from competencies.evidence.models import Evidence
from competencies.people.models import ReportingLine
from competencies.reviews.models import Submission
from ladder.web.drawn_once import store

CANARY = "canary-4711"


def page(client, assessment):
    return client.get(f"/assessments/{assessment.pk}/")


def test_the_author_finds_every_competency_with_what_its_level_asks(signed_in, of_self, competencies, sam):
    body = page(signed_in(sam), of_self).content.decode()

    for competency in competencies:
        assert f'id="rating-{competency.pk}"' in body
        expectation = competency.expectations.get(level__key="senior")
        assert expectation.summary in body
    assert body.count("Expectations at Senior") >= len(competencies)
    assert "Next step: Staff" in body
    assert "Next step: Lead" in body
    assert "0 of 15 rated" in body
    assert "Only you see this until you submit it." in body


def test_what_is_kept_of_a_page_is_the_same_for_everybody(
    signed_in, type_in, of_self, of_manager, sam, mara, points, evidence
):
    pages = [(sam, of_self), (mara, of_manager)]
    store.forget()
    for _person, assessment in pages:
        type_in(assessment, comment=CANARY, point=points.role_model.pk, evidence=[evidence[0].pk])
    first = page(signed_in(sam), of_self).content.decode()
    drawn = store.texts()

    second = [page(signed_in(person), assessment).content.decode() for person, assessment in pages]

    assert without_tokens(first) == without_tokens(second[0])
    assert sorted(map(str, drawn)) == sorted(map(str, store.texts())), "the other side draws nothing anew"
    kept = str(drawn)
    assert "Expectations at Senior" in kept
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', "".join((first, *second)))
    mine = [CANARY, evidence[0].title, of_self.get_absolute_url(), of_manager.get_absolute_url(), *tokens]
    assert len(tokens) > 30
    assert [text for text in (*mine, str(sam), str(mara)) if text in kept] == []


def without_tokens(body):
    return re.sub(r'"[\w-]{24}"|"\w{64}"', '""', body)


def test_a_review_aimed_higher_shows_the_level_held(signed_in, review, of_self, levels, sam, mara):
    review.aim(levels.staff, by=mara)

    body = page(signed_in(sam), of_self).content.decode()

    assert "Expectations at Staff" in body
    assert "Level held: Senior" in body


def test_only_the_author_opens_a_draft(
    signed_in, type_in, of_self, of_manager, sam, mara, dora, hana, kit, otto
):
    type_in(of_self, comment="Text.")

    for person in (mara, dora, hana, kit, otto):
        assert page(signed_in(person), of_self).status_code == 404
    for person in (sam, dora, hana, kit, otto):
        assert page(signed_in(person), of_manager).status_code == 404
    assert signed_in(sam).get("/assessments/999999/").status_code == 404


@pytest.mark.parametrize("side", ["of_self", "of_manager"])
def test_a_draft_is_on_no_page_of_anybody_else(request, signed_in, type_in, review, cycle, side, points):
    draft = request.getfixturevalue(side)
    type_in(draft, comment=CANARY, point=points.role_model.pk)
    people = [request.getfixturevalue(name) for name in ("sam", "mara", "dora", "hana", "kit", "otto")]
    pages = [
        "/reviews/",
        "/reviews/?further",
        f"/reviews/{review.pk}/",
        "/cycles/",
        f"/cycles/{cycle.pk}/",
        f"/cycles/{cycle.pk}/closing/",
        "/evidence/",
        f"/people/{review.subject_id}/evidence/",
        *(f"/assessments/{one.pk}/" for one in review.assessments.all()),
        *(f"/assessments/{one.pk}/submission/" for one in review.assessments.all()),
    ]
    others = [person for person in people if person != draft.author]

    for person in others:
        for url in pages:
            body = signed_in(person).get(url).content.decode()
            assert CANARY not in body, (person.name, url)
            assert "Continue" not in body, "how far a draft has come is the author's alone"


def test_what_is_handed_in_is_read_by_those_above_but_not_by_the_other_side(
    signed_in, answer_all, of_self, points, sam, mara, dora, hana, kit
):
    answer_all(of_self, points.consistent, comment=CANARY).submit(by=sam)

    for person in (sam, dora, hana):
        body = page(signed_in(person), of_self).content.decode()
        assert CANARY in body
        assert 'id="comment-' not in body
    for person in (mara, kit):
        assert page(signed_in(person), of_self).status_code == 404


def test_after_the_reveal_both_sides_read_both(signed_in, revealed, of_self, of_manager, sam, mara):
    for person in (sam, mara):
        for assessment in (of_self, of_manager):
            assert page(signed_in(person), assessment).status_code == 200


@pytest.fixture
def answer_with_evidence(type_in, of_self, competencies, sam):
    """A function that answers the competencies of a range in Sam's self-assessment, each on a new piece."""

    def answer(numbers):
        for number in numbers:
            piece = Evidence.log(
                sam,
                by=sam,
                happened_on=timezone.localdate() - timedelta(days=20 * number),
                title=f"Piece {number}",
                competencies=competencies[number : number + 2],
            )
            type_in(of_self, competency=competencies[number], comment="Text.", evidence=[piece.pk])

    return answer


@pytest.mark.parametrize("page", ["", "submission/"])
def test_the_number_of_queries_does_not_grow(queries_of, answer_with_evidence, of_self, sam, page):
    answer_with_evidence(range(1))
    few = queries_of(sam, f"/assessments/{of_self.pk}/{page}")
    answer_with_evidence(range(1, 12))
    many = queries_of(sam, f"/assessments/{of_self.pk}/{page}")

    assert many == few
    assert many <= 20


def submit(client, assessment, **headers):
    return client.post(f"/assessments/{assessment.pk}/submission/", headers=headers)


def test_submit_with_ratings_missing_names_them_and_writes_nothing(
    signed_in, type_in, of_self, competencies, points, sam
):
    type_in(of_self, point=points.consistent.pk)

    answer = submit(signed_in(sam), of_self)

    assert answer.status_code == 422
    body = answer.content.decode()
    assert "14 competencies are still unrated" in body
    for competency in competencies[1:]:
        assert f'/assessments/{of_self.pk}/#rating-{competency.pk}">{competency.title}' in body
    assert not Submission.objects.exists()


def test_it_is_looked_over_before_it_is_handed_in(signed_in, answer_all, of_self, points, sam):
    half = signed_in(sam).get(f"/assessments/{of_self.pk}/submission/")
    assert "15 competencies are still unrated" in half.content.decode()
    answer_all(of_self, points.consistent)

    whole = signed_in(sam).get(f"/assessments/{of_self.pk}/submission/").content.decode()

    assert whole.count("Seen in their work.") == 15
    assert not Submission.objects.exists(), "a look writes nothing"


def test_handing_in_works_once(signed_in, answer_all, of_self, points, sam):
    answer_all(of_self, points.consistent)

    first = submit(signed_in(sam), of_self)
    second = submit(signed_in(sam), of_self)

    assert first.url == f"/assessments/{of_self.pk}/"
    assert second.status_code == 422
    assert "already submitted" in second.content.decode()
    assert Submission.objects.count() == 1
    late = signed_in(sam).get(f"/assessments/{of_self.pk}/submission/", follow=True)
    assert late.redirect_chain == [(f"/assessments/{of_self.pk}/", 302)]
    assert "You have already submitted this assessment." in late.content.decode()


def test_the_last_to_hand_in_lands_on_the_comparison(
    signed_in, answer_all, of_self, of_manager, points, sam, mara
):
    answer_all(of_self, points.consistent).submit(by=sam)
    answer_all(of_manager, points.developing)

    answer = submit(signed_in(mara), of_manager)

    assert answer.url == f"/reviews/{of_self.review_id}/"


def test_nobody_hands_in_for_somebody_else(signed_in, answer_all, of_self, points, mara, dora, hana, kit):
    answer_all(of_self, points.consistent)

    for person in (mara, dora, hana, kit):
        assert submit(signed_in(person), of_self).status_code == 404
        assert signed_in(person).get(f"/assessments/{of_self.pk}/submission/").status_code == 404
    assert not Submission.objects.exists()


def reopen(client, assessment, reason="A wrong paste."):
    return client.post(f"/assessments/{assessment.pk}/reopening/", {"reason": reason})


def test_hr_gives_it_back_with_a_reason_that_the_author_reads(signed_in, revealed, of_self, cycle, hana, sam):
    answer = reopen(signed_in(hana), of_self)

    assert answer.url == f"/cycles/{cycle.pk}/"
    body = page(signed_in(sam), of_self).content.decode()
    assert "A wrong paste." in body
    assert "Reopened by Hana" in body
    assert 'id="comment-' in body


def test_without_a_reason_it_stays(signed_in, revealed, of_self, hana):
    answer = reopen(signed_in(hana), of_self, reason="  ")

    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    of_self.refresh_from_db()
    assert of_self.round == 1


def test_only_hr_gives_it_back(signed_in, revealed, of_self, sam, mara, dora, kit):
    assert {reopen(signed_in(person), of_self).status_code for person in (sam, mara, dora, kit)} == {404}


def test_hr_who_becomes_the_manager_cannot_peek_by_giving_it_back(
    signed_in, answer_all, of_self, points, sam, hana
):
    answer_all(of_self, points.consistent, comment=CANARY).submit(by=sam)
    ReportingLine.objects.filter(person=sam).update(manager=hana)

    answer = reopen(signed_in(hana), of_self, reason="")

    assert answer.status_code == 404
    assert CANARY not in answer.content.decode()


def test_giving_back_is_a_post(signed_in, revealed, of_self, hana):
    assert signed_in(hana).get(f"/assessments/{of_self.pk}/reopening/").status_code == 302
    assert signed_in(hana).delete(f"/assessments/{of_self.pk}/submission/").status_code == 405
