"""What a packet says: the contract between the domain and the printer, `format: 4`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import now, standing_at, today
from competencies.evidence.models import Evidence
from competencies.packets.snapshot import snapshot_of
from competencies.promotions.models import PromotionCase
from competencies.trail.models import canonical
from tests.conftest import decide, endorse
from tests.scenes import scene

CONTRACT = json.loads((Path(__file__).parents[2] / "ladder" / "pdf" / "archive.json").read_text())


@scene
def proposed(full_case, mara, revealed):
    full_case.propose(by=mara)
    return full_case


@pytest.fixture
def take(mara):
    """A function that gives the snapshot of a case as the database has it: `take(case, "candidate")`."""
    at = now()

    def take(case, variant="committee", by=mara):
        case = PromotionCase.objects.with_state().get(pk=case.pk)
        return snapshot_of(case, number="P-1", variant=variant, at=at, by=by)

    return take


def test_its_days_are_those_of_the_organisation(settings, full_case, take, mara):
    settings.TIME_ZONE = "Europe/Berlin"
    with standing_at(datetime(2026, 3, 31, 23, 30, tzinfo=UTC)):
        full_case.propose(by=mara)

    said = take(full_case)

    assert said["case"]["proposed_on"] == said["statements"][0]["on"] == "2026-04-01"


def shape(value):
    """Return the keys of a snapshot, all the way down, with the first element standing for its list."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


def keys_missing(have, want, path=""):
    if isinstance(want, dict) and isinstance(have, dict):
        for key in want.keys() | have.keys():
            if (key in want) != (key in have):
                yield f"{path}.{key}"
            else:
                yield from keys_missing(have[key], want[key], f"{path}.{key}")
    elif isinstance(want, list) and isinstance(have, list):
        yield from keys_missing(have[0], want[0], f"{path}[]")


def test_the_snapshot_has_the_shape_the_printer_expects(proposed, take, hana):
    decide(proposed, "not-yet", by=hana)

    missing = set(keys_missing(shape(take(proposed, "archive", by=hana)), shape(CONTRACT)))

    of_format_2 = {f".provenance.reviews[].digest_{side}" for side in ("self", "manager")}
    since = {".packet.program", ".endorsements[].level"}  # named since 0.2.0, and since format 4
    assert missing - of_format_2 == since


def test_it_is_plain_json_and_the_same_twice(proposed, take):
    first, second = take(proposed), take(proposed)

    assert json.loads(canonical(first)) == first
    assert canonical(first) == canonical(second)


def test_it_says_what_the_case_says(proposed, take, competencies, evidence):
    snapshot = take(proposed)

    assert snapshot["case"]["to"]["title"] == "Staff"
    assert snapshot["summary"]["claims"][0]["competency"]["key"] == competencies[0].key
    assert snapshot["stories"][0]["evidence"] == ["E3", "E4"]
    assert [piece["ref"] for piece in snapshot["evidence"]] == ["E1", "E2", "E3", "E4"]
    assert [piece["on"] for piece in snapshot["evidence"]] == sorted(
        piece.happened_on.isoformat() for piece in evidence
    )
    assert [row["key"] for row in snapshot["matrix"]] == [row.key for row in competencies]


def test_a_reading_against_the_present_level_is_shown_and_does_not_count(proposed, take):
    row = take(proposed)["matrix"][0]

    assert (row["self"]["label"], row["manager"]["label"]) == ("Consistent", "Developing")
    assert (row["readiness"], row["sustained"], row["yardstick"]) == ("not assessed", 0, "Senior")


def test_evidence_that_the_case_does_not_show_is_not_referred_to(full_case, mara, evidence, take):
    full_case.choose(evidence[2:], by=mara)

    assert take(full_case)["stories"][0]["evidence"] == []


def test_the_candidates_copy_leaves_out_the_reasons(proposed, take, sam, hana):
    decide(proposed, "decline", by=hana, rationale="Said among ourselves.", feedback="Said to Sam.")

    mine, theirs = canonical(take(proposed, "candidate", by=sam)), canonical(take(proposed, by=hana))
    assert "Said among ourselves." not in mine
    assert "Said to Sam." in mine
    assert "Said among ourselves." in theirs


@pytest.mark.parametrize(
    ("variant", "level"), [("committee", "Staff"), ("archive", "Staff"), ("candidate", ""), ("masked", "")]
)
def test_an_endorser_who_is_here_is_told_with_the_level_of_that_day(
    variant, level, full_case, take, mara, hana, stella, levels, tracks
):
    endorse(full_case, by=mara, name="Stella", email=stella.email, outside=False)
    full_case.propose(by=mara)
    decide(full_case, "decline", by=hana, panel=("noor", "kit", "leo"))
    day = today() + timedelta(days=1)
    stella.place(track=tracks.java, level=levels.lead, starts_on=day, by=hana)

    with standing_at(now() + timedelta(days=2)):
        told = take(full_case, variant, by=hana)["endorsements"]

    assert [row["level"] for row in told] == ["", level]


def test_nobody_is_named_who_is_no_part_of_the_case(proposed, take, hana):
    text = canonical(take(proposed))

    for name in ("Sam", "Mara"):
        assert f'"{name}"' in text
    for name in ("Noor", "Kit", "Stella", "Leo", "Dora", "Hana", "Otto", "testing.example"):
        assert name not in text


def test_an_unrevealed_review_leaves_no_trace(full_case, of_self, points, answer_all, sam, take):
    answer_all(of_self, points.role_model, comment="Mine alone.").submit(by=sam)

    snapshot = take(full_case)
    assert snapshot["trajectory"]["cycles"] == []
    assert "Role model" not in canonical(snapshot["matrix"])
    assert snapshot["provenance"]["reviews"] == []


def test_the_queries_do_not_grow_with_stories_and_evidence(full_case, mara, sam, competencies, take):
    def count():
        with CaptureQueriesContext(connection) as queries:
            take(full_case)
        return len(queries)

    few = count()
    more = [
        Evidence.log(
            sam, by=sam, happened_on=today(), title=f"More {n}", competencies=competencies[n : n + 2]
        )
        for n in range(5)
    ]
    for piece in more:
        full_case.tell(by=mara, title="More", competencies=competencies[:3], evidence=[piece])
    full_case.choose(more, by=mara)
    assert count() == few
