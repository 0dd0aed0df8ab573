"""Transitions whose process is killed at each of their statements, and before and after the commit.

    python -m tests.outages.cutting_short

Prints, for each transition, how often it was killed, and what is there afterwards. Fails where a kill before
the commit left anything. A day draws six statements before the commit, spread over all of them, and the next
day those after; LADDER_LONG=1 kills at every statement.
"""

import json
import os
import signal
from datetime import timedelta

from tests.drawing import DAY, LONG
from tests.exports.founding import set_up

MOST_KILLS = 6  # before the commit, unless all are wanted
UNMOVED = {"framework", "sources"}  # what no transition here writes


def main():
    set_up()
    from django.urls import get_resolver

    from tests.conftest import _found_the_company

    assert get_resolver().reverse_dict  # or each process that is killed would load the pages for an address
    _found_the_company()
    print(json.dumps({name: cut_short(*scene()) for name, scene in SCENES.items()}))


def cut_short(act, told):
    """Kill `act()` in a process of its own at statements from the first to the commit, and after that one."""
    before, last = state(), _statements_of(act)
    spread = [(DAY + step * (last - 1) // MOST_KILLS) % (last - 1) for step in range(MOST_KILLS)]
    points = range(1, last) if LONG else {1 + place for place in spread}
    for point in [*sorted(points), last]:
        _run(act, die_at=point)
        assert state() == before, f"killed at statement {point} of {last}, it left something"
    _run(act, die_at=last + 1)
    now = state()
    return {"kills": len(points) + 2, "changed": [name for name in now if now[name] != before[name]]} | told()


def _statements_of(act):
    """Return how many statements `act()` takes, the commit included, which is not made."""
    reading, writing = os.pipe()
    _run(act, told_at_commit=lambda count: os.write(writing, f"{count}\n".encode()))
    os.close(writing)
    with os.fdopen(reading) as told:
        return int(told.readline())


def _run(act, *, die_at=None, told_at_commit=None):
    """Run `act()` in a child that is killed at that statement, or at its commit."""
    from django.db import connection, connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        _count(connection, die_at, told_at_commit)
        act()
        os._exit(1)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was not killed"


def _count(connection, die_at, told_at_commit):
    """Have this process killed at what it asks of the database as the `die_at`th; a commit is two steps."""
    steps = [0]

    def step():
        steps[0] += 1
        if steps[0] == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(execute, *statement):
        step()
        return execute(*statement)

    commit = connection._commit

    def committed():
        step()
        if told_at_commit:
            told_at_commit(steps[0])
            os.kill(os.getpid(), signal.SIGKILL)
        commit()
        step()

    connection._commit = committed
    connection.execute_wrappers.append(counted)


def state():
    """Return the rows of every table that a transition may write, as they are kept, by its name."""
    from django.apps import apps
    from django.db import connection

    ours = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith(("competencies.", "django_tasks_db")) or model._meta.auto_created
        if model._meta.app_label not in UNMOVED
    ]
    with connection.cursor() as cursor:
        return {model._meta.label: _rows(cursor, model._meta) for model in ours}


def _rows(cursor, table):
    order = ", ".join(f'"{field.column}"' for field in table.pk_fields)
    cursor.execute(f'SELECT * FROM "{table.db_table}" ORDER BY {order}')
    return cursor.fetchall()


def people():
    from competencies.people.models import Person

    return {person.email.partition("@")[0]: person for person in Person.objects.all()}


def entries(*actions):
    """Return how often each action is on the trail, and how many breaks its chain has."""
    from competencies.trail.models import Entry
    from competencies.trail.verifying import breaks

    counted = {action: Entry.objects.filter(action=action).count() for action in actions}
    return {"entries": counted, "breaks": len(list(breaks()))}


def cycle_of_sam():
    """Return a cycle that is open, and Sam's review in it."""
    from competencies.core.clock import now
    from competencies.framework.models import Edition
    from competencies.reviews.models import Cycle
    from competencies.reviews.opening import open_cycle

    if not (cycle := Cycle.objects.first()):
        due = now() + timedelta(weeks=2)
        hana, edition = people()["hana"], Edition.objects.first()
        cycle = Cycle.prepare(by=hana, name="Autumn", editions=[edition], self_due_at=due, manager_due_at=due)
        open_cycle(cycle, by=hana)
    return cycle, cycle.reviews.get(subject=people()["sam"])


def submitting():
    """The second side is handed in, which reveals the review."""
    from competencies.reviews.models import Reveal, Submission

    _cycle, review = cycle_of_sam()
    point = review.level.edition.scale.points.first()
    for assessment in review.assessments.all():
        for competency in assessment.competencies():
            assessment.rate(competency, by=assessment.author, version=0, point=point, comment="Seen.")
    own, managers = review.assessments.get(kind="self"), review.assessments.get(kind="manager")
    own.submit(by=own.author)

    def told():
        rows = {"submissions": Submission.objects.count(), "reveals": Reveal.objects.count()}
        return rows | entries("assessment.submitted", "review.revealed")

    return lambda: managers.submit(by=managers.author), told


def signing():
    """The second side signs."""
    from competencies.reviews.models import Review, Signoff

    _cycle, review = cycle_of_sam()
    review.discuss(by=review.manager)
    review.sign(by=review.manager)
    review = Review.objects.get(pk=review.pk)
    return lambda: review.sign(
        by=review.subject
    ), lambda: {"signoffs": Signoff.objects.count()} | entries("review.signed")


def closing():
    """The cycle ends."""
    from competencies.reviews.models import Closing

    cycle, _review = cycle_of_sam()
    return lambda: cycle.close(
        by=people()["hana"]
    ), lambda: {"closings": Closing.objects.count()} | entries("cycle.closed")


def releasing():
    """Two decisions go out at one instant, with the copies that stay and the orders of their documents."""
    from django_tasks_db.models import DBTaskResult

    from competencies.framework.models import Level
    from competencies.packets import releasing
    from competencies.packets.models import Order, Packet
    from competencies.promotions.models import Release
    from tests.conftest import decide
    from tests.exports.founding import propose

    cast, decisions = people(), []
    for name, sponsor, panel in (
        ("sam", "mara", ("noor", "kit", "stella")),
        ("kit", "noor", ("mara", "sam", "leo")),
    ):
        case = propose(cast[name], Level.objects.get(key="staff"), cast[sponsor])
        decisions.append(decide(case, "decline", by=cast["hana"], panel=panel, release=False))

    def told():
        orders = DBTaskResult.objects.filter(task_path__endswith="perform", status="READY")
        rows = {"releases": Release.objects.count(), "packets": Packet.objects.count()}
        rows |= {"orders": Order.objects.count(), "tasks": orders.count()}
        return rows | entries("case.decided", "packet.frozen", "packet.ordered")

    return lambda: releasing.release(decisions, by=cast["hana"]), told


SCENES = {"submit": submitting, "sign": signing, "close": closing, "release": releasing}


if __name__ == "__main__":
    main()
