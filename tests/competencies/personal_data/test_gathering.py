"""A whole record: all that the person may read of themselves, and nothing else."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import now
from competencies.evidence.models import Evidence
from competencies.notices.models import Letter
from competencies.people.models import Person
from competencies.personal_data.models import Export
from competencies.personal_data.record_copy import gather


def text_of(person, *, by=None):
    return json.dumps(gather(person, by=by or person, at=now()), ensure_ascii=False)


def test_the_zones_in_which_they_see_times_are_theirs_to_read(sam):
    sam.choose_time_zone("Asia/Tokyo", by=sam)
    sam.refresh_from_db()
    sam.note_browser_zone("Europe/Lisbon")

    profile = gather(sam, by=sam, at=now())["profile"]

    assert (profile["time_zone"], profile["time_zone_of_browser"]) == ("Asia/Tokyo", "Europe/Lisbon")


def test_it_holds_everything_a_person_may_read(whole, sam, mara):
    record = gather(sam, by=sam, at=now())

    assert record["profile"]["email"] == sam.email
    assert [row["level"] for row in record["placements"]] == ["Senior"]
    assert [row["manager"] for row in record["reporting_lines"]] == [mara.name]
    assert len(record["evidence"]) == 4
    (review,) = record["reviews"]
    assert {side["by"] for side in review["assessments"]} == {sam.name, mara.name}
    assert review["assessments"][0]["ratings"][0]["comment"] == "Seen in their work."
    (case,) = record["promotion_cases"]
    assert case["decision"]["feedback"].startswith("SECRETFEEDBACK")
    assert [packet["copy"] for packet in record["packets"]] == ["Candidate copy"]
    assert [token["label"] for token in record["tokens"]] == ["SECRETLABEL"]
    assert "case.decided" in {entry["action"] for entry in record["trail"]}


def test_letters_are_in_it_as_facts_and_in_the_copy_of_hr_those_that_hr_ordered(sam, hana, mara):
    Letter.order("account", to=sam, what="password_changed").note_sent()
    Letter.order("second-factor", to=sam, by=hana).fail("refused", status=550)
    Letter.order("second-factor", to=mara, by=hana)

    mine, theirs = (gather(sam, by=by, at=now())["letters"] for by in (sam, hana))

    assert [letter["kind"] for letter in mine] == ["Change of an account", "Reset of a second factor"]
    assert (bool(mine[0]["sent_at"]), mine[1]["failure"]) == (True, "The address was refused.")
    assert theirs == mine[1:]


def test_what_they_ordered_of_the_background_is_in_their_own_copy_alone(sam, hana):
    Export.order(sam, by=hana).fail("The disk took nothing.")
    Export.order(hana, by=hana)

    mine, of_sam, by_hr = (
        gather(person, by=by, at=now())["background_work"]
        for person, by in ((hana, hana), (sam, sam), (sam, hana))
    )

    told = [(row["kind"], row["of"], row["state"], row["failure"]) for row in mine]
    assert told == [
        ("Record copy", "Sam", "failed", "The disk took nothing."),
        ("Record copy", "Hana", "waiting", ""),
    ]
    assert (of_sam, by_hr) == ([], [])


def test_why_it_failed_is_not_in_it_where_they_may_not_open_it_any_more(sam, hana):
    Export.order(sam, by=hana).fail("HIDDEN")
    hana.grants.update(revoked_at=now())
    [row] = gather(hana, by=hana, at=now())["background_work"]

    assert (row["state"], row["of"], row["failure"]) == ("failed", None, "")


def test_what_the_committee_said_among_itself_is_not_in_it(whole, sam):
    assert "SECRETRATIONALE" not in text_of(sam)
    assert "Committee copy" not in text_of(sam)


def test_a_draft_of_the_manager_is_not_in_it(of_manager, mara, sam, points, competencies):
    of_manager.rate(competencies[0], by=mara, version=0, point=points.developing, comment="HIDDEN")

    assert "HIDDEN" not in text_of(sam)
    assert "rating.saved" not in text_of(sam)


def test_a_draft_of_ones_own_is_in_ones_own_copy_alone(of_self, sam, hana, points, competencies):
    of_self.rate(competencies[0], by=sam, version=0, point=points.developing, comment="MINE")

    assert "MINE" in text_of(sam)
    assert "MINE" not in text_of(sam, by=hana)
    assert "rating.saved" not in text_of(sam, by=hana)


def test_a_draft_of_somebody_else_about_a_manager_s_report_is_not_in_the_copy_of_hr(
    of_manager, mara, hana, points, competencies
):
    of_manager.rate(competencies[0], by=mara, version=0, point=points.developing, comment="HIDDEN")

    assert "HIDDEN" in text_of(mara)
    assert "HIDDEN" not in text_of(mara, by=hana)


def test_hr_who_is_a_side_does_not_read_the_other_side_by_it(of_self, review, sam, hana, points, answer_all):
    answer_all(of_self, points.consistent, comment="BLIND").submit(by=sam)
    assert "BLIND" in text_of(sam, by=hana)

    review.manager = hana
    review.save(update_fields=["manager"])

    assert "BLIND" not in text_of(sam, by=hana)
    assert "BLIND" in text_of(sam)


def test_a_draft_case_is_not_in_it(full_case, sam):
    assert gather(sam, by=sam, at=now())["promotion_cases"] == []
    assert "Text of" not in text_of(sam)


def test_what_is_planned_is_told_to_nobody_ahead(sam, noor, hana, levels, tracks, later):
    sam.report_to(noor, starts_on=later, by=hana)
    sam.place(track=tracks.java, level=levels.staff, starts_on=later, by=hana)

    assert noor.name not in text_of(sam)
    assert later.isoformat() not in text_of(sam)


def test_of_a_leaver_it_holds_what_they_could_read(whole, hana, leaving):
    before = gather(whole, by=hana, at=now())
    after = gather(leaving(Person.objects.get(pk=whole.pk)), by=hana, at=now())

    kept = [name for name in before if name not in ("profile", "gathered_at")]
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


def test_the_queries_do_not_grow_with_the_record(whole, sam, competencies, evidence):
    def count():
        with CaptureQueriesContext(connection) as queries:
            gather(sam, by=sam, at=now())
        return len(queries)

    few = count()
    for number in range(6):
        Evidence.log(
            sam,
            by=sam,
            happened_on=evidence[0].happened_on,
            title=f"More {number}",
            competencies=competencies[:3],
        )
    assert count() == few


@pytest.fixture
def later():
    from datetime import timedelta

    from competencies.core.clock import today

    return today() + timedelta(days=40)


def test_a_shared_draft_is_in_ones_own_copy_without_what_the_manager_writes(full_case, sam, mara, hana):
    full_case.share(by=mara)

    (case,) = gather(sam, by=sam, at=now())["promotion_cases"]

    assert "Text of gaps." in case["statements"].values()
    assert "Text of manager." not in case["statements"].values()
    assert [(row["by"], row["state"], row["text"]) for row in case["endorsements"]] == [
        ("Petra Partner", "answered", None)
    ]
    assert gather(sam, by=hana, at=now())["promotion_cases"] == []
