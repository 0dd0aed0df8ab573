"""
Runs races on a database of its own and prints what came of each as JSON.

DATABASE_URL names a database without rows of ours. The races commit for real, and the triggers of the
trail and of what was handed in forbid a clean-up, so that the database is thrown away afterwards.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest  # noqa: F401  (before the settings: they choose a quick password hasher for tests)


def main():
    import django

    django.setup()
    from django.core.management import call_command

    from tests.conftest import _found_the_company

    call_command("migrate", verbosity=0)
    _found_the_company()
    json.dump({race.__name__: race() for race in RACES}, sys.stdout)


def at_once(*steps, attempts=1):
    """Start all `steps` at one instant, each with a connection of its own; return how each ended."""
    from django.db import connection

    from competencies.core.refusals import Refusal

    line = Barrier(len(steps))

    def run(step):
        try:
            connection.ensure_connection()
            line.wait(timeout=20)
            step()
            return "done"
        except Refusal as refusal:
            return refusal.code
        except Exception as fault:
            return f"{type(fault).__name__}: {fault}".splitlines()[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(run, steps))


def whole():
    """Say whether every link of the trail fits."""
    from competencies.trail.verifying import breaks

    return not list(breaks())


def person(name):
    from competencies.people.models import Person

    return Person.objects.get(email=f"{name}@testing.example")


def opened(name):
    """Open a cycle for Sam alone and return his review."""
    from django.utils import timezone

    from competencies.framework.models import Edition
    from competencies.reviews.models import Cycle
    from competencies.reviews.opening import open_cycle

    hana = person("hana")
    cycle = Cycle.prepare(
        by=hana,
        name=name,
        editions=[Edition.objects.in_force().get()],
        everyone=False,
        people=[person("sam")],
        self_due_at=timezone.now() + timedelta(weeks=1),
        manager_due_at=timezone.now() + timedelta(weeks=2),
    )
    open_cycle(cycle, by=hana)
    return cycle.reviews.get()


def rated(review, kind):
    """Answer everything in one side of a review, and return the assessment."""
    from competencies.reviews.models import Rating

    assessment = review.assessments.get(kind=kind)
    point = review.level.edition.scale.points.get(key="consistent")
    Rating.objects.bulk_create(
        Rating(assessment=assessment, competency=competency, point=point, version=1)
        for competency in assessment.competencies()
    )
    return assessment


def entries(action, *rows):
    from competencies.trail.models import Entry

    return Entry.objects.filter(action=action, row_pk__in=[str(row.pk) for row in rows])


def two_submits_of_one_side():
    review = opened("Two submits")
    mine, sam = rated(review, "self"), person("sam")
    ends = at_once(*[partial(mine.submit, by=sam)] * 2)
    return {
        "ends": ends,
        "submissions": mine.submissions.count(),
        "entries": entries("assessment.submitted", mine).count(),
    }


def last_submits_of_both_sides():
    revealed, sam, mara = [], person("sam"), person("mara")
    for number in range(5):
        review = opened(f"Both sides {number}")
        mine, theirs = rated(review, "self"), rated(review, "manager")
        ends = at_once(partial(mine.submit, by=sam), partial(theirs.submit, by=mara))
        revealed.append([ends, entries("review.revealed", review).count()])
    return revealed


def a_rating_against_a_submit():
    ends, sam = [], person("sam")
    for number in range(5):
        mine = rated(opened(f"Rating or submit {number}"), "self")
        rating = mine.ratings.first()
        ends.append(
            at_once(
                partial(mine.rate, rating.competency, by=sam, version=1, point=rating.point, comment="Late."),
                partial(mine.submit, by=sam),
            )
        )
        said = json.loads(mine.submissions.get().snapshot)["ratings"]
        rating.refresh_from_db()
        ends[-1].append(next(row["comment"] for row in said if row["competency"] == rating.competency.key))
        ends[-1].append(rating.comment)
    return ends


def two_first_answers():
    mine, sam = opened("First answers").assessments.get(kind="self"), person("sam")
    competency = mine.competencies().first()

    tabs = [
        partial(mine.rate, competency, by=sam, version=0, comment=f"From tab {number}.")
        for number in range(4)
    ]
    ends = at_once(*tabs)
    return {"ends": ends, "ratings": mine.ratings.count()}


def eight_tabs_autosave_everything():
    """Eight tabs write each of fifteen answers in turn; a tab told that it is stale takes the new version.

    SQLite serves no queue: on a busy machine one of eight may wait longer than it lets anybody wait.
    A browser tries again then, and so does a tab here.
    """
    from django.db import OperationalError

    from competencies.core.refusals import Stale

    mine, sam = opened("Eight tabs").assessments.get(kind="self"), person("sam")
    competencies = list(mine.competencies())
    kept, stale = [], []

    def tab(number):
        def write():
            for turn in range(25):
                competency, text, version = competencies[turn % 15], f"{number}.{turn}", 0
                while True:
                    try:
                        mine.rate(competency, by=sam, version=version, comment=text)
                    except Stale as refusal:
                        stale.append((refusal.details["offered"]["comment"], text))
                        version = refusal.details["version"]
                    except OperationalError as fault:
                        if "locked" not in str(fault):
                            raise
                    else:
                        kept.append((competency.pk, version + 1, text))
                        break

        return write

    ends = at_once(*[tab(number) for number in range(8)])
    last = {pk: (version, text) for pk, version, text in sorted(kept)}
    return {
        "ends": ends,
        "kept": len(kept),
        "versions_taken_twice": len(kept) - len({(pk, version) for pk, version, _ in kept}),
        "stored_is_the_last_kept": last
        == {row.competency_id: (row.version, row.comment) for row in mine.ratings.all()},
        "entries": entries("rating.saved", *mine.ratings.all()).count(),
        "stale": len(stale),
        "texts_lost": [text for offered, text in stale if offered != text],
    }


def a_double_click_on_each_step():
    sam, mara, hana = person("sam"), person("mara"), person("hana")
    review = opened("Double clicks")
    rated(review, "self").submit(by=sam)
    theirs = rated(review, "manager")
    theirs.submit(by=mara)
    steps = {
        "reopen": partial(theirs.reopen, by=hana, reason="A slip."),
        "submit": partial(theirs.submit, by=mara),
        "discuss": partial(review.discuss, by=mara),
        "sign": partial(review.sign, by=sam),
        "close": partial(review.cycle.close, by=hana),
    }
    return {name: at_once(step, step) for name, step in steps.items()}


def a_yardstick_against_a_first_answer():
    """The manager moves the target level and begins at once; it may not move under their answer."""
    ends, mara = [], person("mara")
    for number in range(5):
        review = opened(f"Aim {number}")
        mine = review.assessments.get(kind="manager")
        staff = review.level.edition.level_set.get(key="staff")
        competency = mine.competencies().first()
        ends.append(
            at_once(
                partial(review.aim, staff, by=mara),
                partial(mine.rate, competency, by=mara, version=0, comment="Begun."),
            )
        )
        aimed = entries("review.aimed", review).first()
        begun = entries("rating.saved", *mine.ratings.all()).first()
        ends[-1].append(not aimed or not begun or aimed.sequence < begun.sequence)
    return ends


def a_rating_against_a_close():
    late, sam, hana = [], person("sam"), person("hana")
    for number in range(5):
        review = opened(f"Close {number}")
        mine = review.assessments.get(kind="self")
        competency = mine.competencies().first()
        at_once(
            partial(review.cycle.close, by=hana),
            partial(mine.rate, competency, by=sam, version=0, comment="At the bell."),
        )
        closed = entries("cycle.closed", review.cycle).get()
        saved = entries("rating.saved", *mine.ratings.all())
        late.append(saved.filter(sequence__gt=closed.sequence).count())
    return late


def saving_while_people_are_placed():
    """Every entry about Sam touches his row; so does placing him, and so does nominating him."""
    from django.utils import timezone

    from competencies.framework.models import Level, Track
    from competencies.promotions.models import PromotionCase

    sam, mara, hana = person("sam"), person("mara"), person("hana")
    mine = opened("Placing").assessments.get(kind="self")
    competencies = list(mine.competencies())
    senior, java = Level.objects.get(key="senior"), Track.objects.get(key="java")
    staff = Level.objects.get(key="staff")

    def save():
        for competency in competencies:
            mine.rate(competency, by=sam, version=0, comment="Saved.")

    def place():
        for day in range(10):
            sam.place(
                track=java, level=senior, starts_on=timezone.localdate() + timedelta(days=day + 1), by=hana
            )

    def move():
        for day in range(10):
            sam.report_to(mara, starts_on=timezone.localdate() + timedelta(days=day + 1), by=hana)

    def nominate():
        for _ in range(10):
            PromotionCase.nominate(sam, staff, by=mara).withdraw(by=mara)

    # Placed anew on the level held, so that the next step from it stays the next step.
    return at_once(save, place, move, nominate)


def a_promotion_while_somebody_is_placed():
    from django.utils import timezone

    from competencies.framework.models import Level, Track
    from competencies.promotions.models import PromotionCase, Proposal
    from tests.conftest import decide

    kit, noor, hana = person("kit"), person("noor"), person("hana")
    backend = Track.objects.get(key="backend")
    senior, staff = Level.objects.get(key="senior"), Level.objects.get(key="staff")
    place = partial(kit.place, track=backend, starts_on=timezone.localdate(), by=hana)
    ends = []
    for _ in range(6):
        case = PromotionCase.nominate(kit, staff, by=noor)
        Proposal.objects.create(case=case, by=noor)
        decision = decide(case, "promote", by=hana, panel=("stella", "leo", "sam"), release=False)
        ends.append(at_once(partial(decision.publish, by=hana), partial(place, level=senior)))
        if ends[-1] != ["done", "done"]:
            break
        place(level=senior)
    return ends


def two_halves_of_a_circle():
    from django.utils import timezone

    mara, noor, hana = person("mara"), person("noor"), person("hana")
    day = timezone.localdate()
    return at_once(
        partial(mara.report_to, noor, starts_on=day, by=hana),
        partial(noor.report_to, mara, starts_on=day, by=hana),
    )


def the_trail_after_all_that():
    return whole()


RACES = [
    two_submits_of_one_side,
    last_submits_of_both_sides,
    a_rating_against_a_submit,
    two_first_answers,
    eight_tabs_autosave_everything,
    a_double_click_on_each_step,
    a_yardstick_against_a_first_answer,
    a_rating_against_a_close,
    saving_while_people_are_placed,
    a_promotion_while_somebody_is_placed,
    two_halves_of_a_circle,
    the_trail_after_all_that,
]


if __name__ == "__main__":
    main()
