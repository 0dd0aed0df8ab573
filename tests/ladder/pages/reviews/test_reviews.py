from datetime import date, timedelta

import pytest
from django.utils import timezone

from competencies.evidence.models import Evidence
from competencies.people.models import Person
from competencies.reviews.models import Cycle
from competencies.reviews.opening import open_cycle
from tests.access.asking import ONE_TIME


def test_the_list_says_what_to_do_next(signed_in, review, sam, mara, dora):
    mine = signed_in(sam).get("/reviews/").content.decode()
    held = signed_in(mara).get("/reviews/").content.decode()
    below = signed_in(dora).get("/reviews/?further").content.decode()

    assert "Write your self-assessment." in mine
    assert "Write your assessment of Sam." in held
    assert "Sam" in below
    assert "Waiting for Sam and Mara." in below


def test_without_reviews_it_says_when_there_will_be_some(signed_in, otto):
    assert "You have no review yet" in signed_in(otto).get("/reviews/").content.decode()


@pytest.fixture
def newcomers(tracks, levels, hana, mara):
    """A function that puts more people under Mara before a cycle opens."""

    def add(names):
        for name in names:
            person = Person.objects.create_user(f"{name}@testing.example", name)
            person.place(track=tracks.java, level=levels.senior, starts_on=date(2024, 1, 1), by=hana)
            person.report_to(mara, starts_on=date(2024, 1, 1), by=hana)

    return add


@pytest.fixture
def another_cycle(edition, hana):
    """A function that opens one more cycle for everyone."""

    def prepare(name):
        now = timezone.now()
        cycle = Cycle.prepare(
            by=hana,
            name=name,
            editions=[edition],
            self_due_at=now + timedelta(weeks=4),
            manager_due_at=now + timedelta(weeks=5),
        )
        open_cycle(cycle, by=hana)
        return cycle

    return prepare


def test_the_list_costs_the_same_for_many(queries_of, cycle, newcomers, another_cycle, mara, hana):
    few = queries_of(mara, "/reviews/")
    newcomers(f"newcomer{number}" for number in range(9))
    bigger = another_cycle("Winter")

    assert queries_of(mara, "/reviews/") == few
    assert few <= 14
    assert queries_of(hana, f"/cycles/{bigger.pk}/") == queries_of(hana, f"/cycles/{cycle.pk}/")


def test_before_the_reveal_each_side_sees_who_is_in(
    signed_in, answer_all, review, of_self, points, sam, mara, hana
):
    answer_all(of_self, points.role_model, comment="canary").submit(by=sam)

    for person in (sam, mara, hana):
        body = signed_in(person).get(f"/reviews/{review.pk}/").content.decode()
        assert "Submitted" in body
        assert "Not submitted yet" in body
        assert "canary" not in body
        assert "Role model" not in body


@pytest.fixture
def states(signed_in, review, sam, mara, hana):
    """A function that returns the state of Sam's review as Sam, Mara and HR are told it."""

    def told():
        return [
            signed_in(person).get(f"/reviews/{review.pk}/").context["standing"].label
            for person in (sam, mara, hana)
        ]

    return told


def test_the_state_names_who_is_next(states, answer_all, review, of_self, of_manager, points, sam, mara):
    assert states() == ["Waiting for you", "Waiting for you", "Not started"]
    answer_all(of_self, points.consistent).submit(by=sam)
    assert states() == ["Waiting for Mara", "Waiting for you", "Waiting for Mara"]
    answer_all(of_manager, points.consistent).submit(by=mara)
    assert states() == ["Ready to discuss"] * 3
    review.discuss(by=mara)
    assert states() == ["Awaiting sign-off"] * 3
    for person in (sam, mara):
        review.sign(by=person)
    assert states() == ["Complete"] * 3


def test_nobody_is_told_that_a_draft_was_begun(states, type_in, of_self):
    type_in(of_self, comment="Begun.")

    assert states() == ["Waiting for you", "Waiting for you", "Not started"]


def test_what_was_reopened_waits_for_its_author(states, revealed, of_manager, hana):
    of_manager.reopen(by=hana, reason="A wrong paste.")

    assert states() == ["Waiting for Mara", "Waiting for you", "Waiting for Mara"]


def test_a_closed_cycle_leaves_no_state_that_waits(states, cycle, hana):
    cycle.close(by=hana)

    assert states() == ["Closed incomplete"] * 3


def test_a_shared_review_is_discussed_and_signed_off_after_its_cycle_closed(
    states, signed_in, revealed, cycle, sam, mara, hana
):
    cycle.close(by=hana)

    assert signed_in(mara).post(f"/reviews/{revealed.pk}/discussion/").status_code == 302
    for person in (sam, mara):
        assert signed_in(person).post(f"/reviews/{revealed.pk}/signoff/").status_code == 302
    assert states() == ["Complete"] * 3


@pytest.mark.parametrize("url", ["/", "/team/", "/cycles/{cycle}/"])
def test_the_state_is_the_same_on_other_pages(
    request, signed_in, answer_all, review, of_self, points, sam, url
):
    answer_all(of_self, points.consistent).submit(by=sam)
    who, words = {"/": ("sam", "Waiting for Mara"), "/team/": ("mara", "Waiting for you")}.get(
        url, ("hana", "Waiting for Mara")
    )

    page = signed_in(request.getfixturevalue(who)).get(url.format(cycle=review.cycle_id))

    assert words in " ".join(page.content.decode().split())


def test_a_review_is_missing_for_strangers(signed_in, review, kit, noor, otto, stella):
    for person in (kit, noor, otto, stella):
        assert signed_in(person).get(f"/reviews/{review.pk}/").status_code == 404
    assert signed_in(kit).get("/reviews/999999/").status_code == 404


def aim(client, review, level):
    return client.post(f"/reviews/{review.pk}/yardstick/", {"level": level.pk})


def test_the_manager_aims_at_the_next_level(signed_in, review, levels, mara):
    page = signed_in(mara).get(f"/reviews/{review.pk}/").content.decode()
    assert "Save target level" in page
    assert "You can change this until you begin, or an assessment is submitted." in " ".join(page.split())

    assert aim(signed_in(mara), review, levels.staff).url == f"/reviews/{review.pk}/"
    review.refresh_from_db()
    assert review.level == levels.staff


def test_whether_the_person_has_begun_changes_nothing_for_the_manager(
    signed_in, type_in, review, of_self, levels, mara
):
    client, url = signed_in(mara), f"/reviews/{review.pk}/"
    before = client.get(url).content
    type_in(of_self, comment="Begun.")

    assert ONE_TIME.sub(b"", client.get(url).content) == ONE_TIME.sub(b"", before)
    assert aim(client, review, levels.staff).url == url


def test_who_has_begun_reads_that_the_target_level_changed(
    signed_in, type_in, review, of_self, of_manager, levels, sam, mara
):
    def told(person, assessment):
        page = signed_in(person).get(f"/assessments/{assessment.pk}/").content.decode()
        return "The target level changed to Staff on" in page

    type_in(of_self, comment="Begun.")
    assert not told(sam, of_self)

    review.aim(levels.staff, by=mara)

    assert told(sam, of_self)
    assert not told(mara, of_manager)


def test_once_the_manager_has_begun_the_target_level_stays(
    signed_in, review, of_manager, competencies, levels, mara
):
    of_manager.rate(competencies[0], by=mara, version=0, comment="Begun.")

    answer = aim(signed_in(mara), review, levels.staff)

    assert answer.status_code == 422
    assert "once you have begun" in answer.content.decode()
    review.refresh_from_db()
    assert review.level == levels.senior


def test_a_level_of_nowhere_is_refused(signed_in, review, mara):
    assert signed_in(mara).post(f"/reviews/{review.pk}/yardstick/", {"level": 999_999}).status_code == 422


def test_others_do_not_aim(signed_in, review, levels, sam, dora, hana, kit):
    assert {
        aim(signed_in(person), review, levels.staff).status_code for person in (sam, dora, hana, kit)
    } == {404}


def test_after_the_reveal_both_sides_stand_side_by_side(
    signed_in, revealed, competencies, sam, mara, dora, hana
):
    for person in (sam, mara, dora, hana):
        body = signed_in(person).get(f"/reviews/{revealed.pk}/").content.decode()
        assert body.count('<article class="compare"') == len(competencies)
        assert body.count("Seen in their work.") == 2 * len(competencies)
        assert "manager 1 lower" in body
        assert "<svg" in body
        assert "All values" in body


def test_evidence_is_counted_over_its_months(
    signed_in, type_in, answer_all, of_self, of_manager, evidence, points, sam, mara, competencies
):
    answer_all(of_self, points.consistent)
    type_in(of_self, version=1, point=points.consistent.pk, evidence=[evidence[0].pk, evidence[3].pk])
    of_self.submit(by=sam)
    answer_all(of_manager, points.consistent).submit(by=mara)

    body = " ".join(signed_in(mara).get(f"/reviews/{of_self.review_id}/").content.decode().split())

    assert "2 pieces of evidence from 2 months" in body
    assert "Piece 4" in body


def test_evidence_of_the_last_weeks_alone_is_pointed_out(
    signed_in, type_in, answer_all, of_self, of_manager, points, sam, mara, competencies
):
    recent = [
        Evidence.log(
            sam,
            by=sam,
            happened_on=timezone.localdate() - timedelta(days=days),
            title=f"{days} days ago",
            competencies=competencies[:1],
        )
        for days in (3, 9)
    ]
    answer_all(of_self, points.consistent)
    type_in(of_self, version=1, point=points.consistent.pk, evidence=[piece.pk for piece in recent])
    of_self.submit(by=sam)
    answer_all(of_manager, points.consistent).submit(by=mara)

    body = signed_in(sam).get(f"/reviews/{of_self.review_id}/").content.decode()

    assert "Some ratings are based only on the last eight weeks." in body


def test_the_cycle_before_stands_beside_it(signed_in, revealed, another_cycle, answer_all, points, sam, mara):
    later = another_cycle("Winter").reviews.get(subject=sam)
    answer_all(later.assessments.get(kind="self"), points.consistent).submit(by=sam)
    answer_all(later.assessments.get(kind="manager"), points.consistent).submit(by=mara)

    body = signed_in(mara).get(f"/reviews/{later.pk}/").content.decode()

    assert "Autumn" in body
    assert "up 1" in body


def test_what_was_given_back_is_not_in_the_comparison(signed_in, revealed, of_manager, mara, sam, hana):
    of_manager.reopen(by=hana, reason="A wrong paste.")

    body = signed_in(sam).get(f"/reviews/{revealed.pk}/").content.decode()

    assert body.count("Seen in their work.") == 15, "the self-assessment alone"
    assert "back with its author" in body


def test_the_comparison_costs_the_same_for_much_evidence(
    queries_of, revealed, of_self, of_manager, evidence, mara, sam, hana
):
    few = queries_of(mara, f"/reviews/{revealed.pk}/")
    of_self.reopen(by=hana, reason="More evidence.")
    of_self.refresh_from_db()
    for rating in of_self.ratings.all():
        of_self.rate(
            rating.competency, by=sam, version=1, point=rating.point, comment="Text.", evidence=evidence
        )
    of_self.submit(by=sam)

    assert queries_of(mara, f"/reviews/{revealed.pk}/") == few
    assert few <= 20


def test_talked_about_and_signed_by_both(signed_in, revealed, sam, mara):
    base = f"/reviews/{revealed.pk}"
    assert "Mark as discussed" in signed_in(mara).get(f"{base}/").content.decode()
    assert "Mark as discussed" not in signed_in(sam).get(f"{base}/").content.decode()

    assert signed_in(mara).post(f"{base}/discussion/").url == f"{base}/"
    assert signed_in(sam).post(f"{base}/signoff/").url == f"{base}/"
    assert signed_in(mara).post(f"{base}/signoff/").url == f"{base}/"

    assert "Complete</span>" in signed_in(sam).get(f"{base}/").content.decode()


def test_talking_and_signing_are_once_and_in_order(signed_in, revealed, sam, mara, dora, hana, kit):
    base = f"/reviews/{revealed.pk}"
    assert signed_in(sam).post(f"{base}/signoff/").status_code == 404, "not before it was talked about"
    for person in (sam, dora, hana, kit):
        assert signed_in(person).post(f"{base}/discussion/").status_code == 404
    signed_in(mara).post(f"{base}/discussion/")
    signed_in(sam).post(f"{base}/signoff/")
    for person in (dora, hana, kit):
        assert signed_in(person).post(f"{base}/signoff/").status_code == 404
    assert revealed.signoffs.count() == 1


@pytest.mark.parametrize(
    ("step", "said"), [("discussion", "marked this review as discussed"), ("signoff", "signed off")]
)
def test_a_step_that_is_done_says_so_to_whoever_took_it(signed_in, revealed, mara, dora, kit, step, said):
    base = f"/reviews/{revealed.pk}"
    client = signed_in(mara)
    client.post(f"{base}/discussion/")
    client.post(f"{base}/signoff/")

    for ask in (client.get, client.post):
        answer = ask(f"{base}/{step}/", follow=True)
        assert answer.redirect_chain == [(f"{base}/", 302)]
        assert f"You have already {said}" in answer.content.decode()
    assert "already" not in signed_in(dora).get(f"{base}/{step}/", follow=True).content.decode()
    assert signed_in(kit).post(f"{base}/{step}/").status_code == 404
    assert revealed.signoffs.count() == 1


@pytest.mark.parametrize(
    ("action", "status"), [("yardstick", 302), ("discussion", 302), ("signoff", 302), ("manager", 404)]
)
def test_what_changes_a_review_is_a_post(signed_in, revealed, mara, action, status):
    assert signed_in(mara).get(f"/reviews/{revealed.pk}/{action}/").status_code == status


def test_hr_hands_a_review_over_to_the_manager_of_today(signed_in, review, sam, noor, hana):
    sam.report_to(noor, starts_on=timezone.localdate(), by=hana)
    listed = signed_in(hana).get(f"/cycles/{review.cycle_id}/?show=moved").content.decode()
    assert "Hand over to current manager" in listed

    answer = signed_in(hana).post(f"/reviews/{review.pk}/manager/")

    assert answer.url == f"/cycles/{review.cycle_id}/"
    review.refresh_from_db()
    assert review.manager == noor


def test_handing_over_to_nobody_is_refused_in_words(signed_in, review, sam, hana):
    sam.lines.update(ends_on=timezone.localdate())

    answer = signed_in(hana).post(f"/reviews/{review.pk}/manager/", follow=True)

    assert "has no manager today" in answer.content.decode()


def test_others_do_not_hand_over(signed_in, review, sam, mara, dora, kit):
    for person in (sam, mara, dora, kit):
        assert signed_in(person).post(f"/reviews/{review.pk}/manager/").status_code == 404
