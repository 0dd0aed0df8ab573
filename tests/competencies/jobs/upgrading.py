"""
Brings a database of before there were jobs up to date; prints what came of it as JSON.

DATABASE_URL names an empty database. It is made whole, work of every kind is ordered and left in every
state, and it is taken back to what it was before. Then the upgrade is killed between two statements, at one
place in a run, another each day, and with LADDER_LONG=1 at every place, and done; and a worker of today does
the tasks that the release before left waiting.
"""

import json
import os
import sys
from contextlib import suppress
from datetime import timedelta
from unittest import mock

import pytest  # noqa: F401  (before the settings: they choose a quick password hasher for tests)

from tests.drawing import drawn

BEFORE = [("packets", "0001_squashed"), ("records", "0001_squashed"), ("people_import", "0001_squashed")]
SHEET = "Staff number,Email,Name\n7,person7@testing.example,Person Seven\n"
MAPPING = {"columns": {"number": 0, "email": 1, "name": 2}, "dates": "iso", "leavers": False}
TABLES = ("packets_order", "packets_exportitem", "records_export", "people_run")
WAITING = {  # the row of before that waits, and the task of before that names it
    "ladder.jobs.packet_documents.typeset_packet": (
        "SELECT max(id) FROM packets_packet WHERE variant = 'candidate'"
    ),
    "ladder.bundling.build_item": (
        "SELECT max(id) FROM packets_exportitem WHERE job_id = (SELECT min(id) FROM packets_exportjob)"
    ),
    "ladder.jobs.record_exports.build_export": "SELECT max(id) FROM records_export WHERE ready_at IS NULL",
    "ladder.jobs.import_runs.perform_run": "SELECT max(id) FROM people_run WHERE ended_at IS NULL",
}
KILLING = (  # after the rows were copied, before they point there; after what they held is gone, and so on
    "INSERT INTO jobs_job",
    "UPDATE packets_exportitem SET job_id",
    'DROP TABLE "packets_mishap"',
    "UPDATE people_run SET job_id",
)


def main():
    import django

    django.setup()
    from django.core.management import call_command

    from competencies.trail.trigger_installation import missing
    from competencies.trail.verifying import breaks

    call_command("migrate", verbosity=0)
    order_everything()
    told = states()
    take_back()
    before = rows()
    waiting = {path: number(sql) for path, sql in WAITING.items()}
    killed = [
        [words, kill_at(words), rows(), number("SELECT count(*) FROM jobs_job")]
        for words in drawn(KILLING, 1)
    ]
    call_command("migrate", verbosity=0)
    again = states()
    work_off(waiting)
    json.dump({
        "told": told, "before": before, "killed": killed, "again": again, "after": states(),
        "breaks": [str(broken) for broken in breaks()], "missing": sorted(missing()),
    }, sys.stdout)  # fmt: skip


def take_back():
    """Make the database what it was before, in one go, of which `migrate` takes one app after the other."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from competencies.trail.trigger_installation import drop, install
    from ladder.ops.migration_states import drawn_when_needed

    drop()
    with drawn_when_needed():
        MigrationExecutor(connection).migrate(BEFORE)
    install()


def order_everything():
    """Order two of each kind and more, and leave them waiting, at work, failed and done."""
    from competencies.core.clock import now
    from competencies.packets.models import ExportCancellation, Packet
    from competencies.packets.models.export import PacketExport
    from competencies.packets.selection import Choice
    from competencies.people.models import Organisation, Person
    from competencies.people_import.models import Import, Run
    from competencies.personal_data.models import Export
    from competencies.promotions.models import PromotionCase
    from tests.exports.founding import found

    hana = found(4)
    cases = list(PromotionCase.objects.order_by("pk"))

    kept, failed, again, waits = (Packet.freeze(case, by=hana, variant="candidate") for case in cases)
    document = {"sha256": "a" * 64, "pages": 1, "size": 1}
    order = kept.order(by=hana)
    order.finish(order.job.take(worker="here:1"), "a.pdf", **document)
    failed.order(by=hana).fail("No face has these letters.")
    again.order(by=hana).fail("The printer stopped.")
    again.order(by=hana)
    waits.order(by=hana).job.take(worker="gone:1")

    export = PacketExport.order(Choice(), by=hana, variant="committee")
    done, failed, taken, _waits = export.items.order_by("pk")
    token = done.job.take(worker="here:1")
    done.find_packet(token)
    done.finish(token, "b.pdf", **document)
    failed.fail("It took too long.", token=failed.job.take(worker="here:1"))
    taken.job.take(worker="gone:1")
    cancelled = PacketExport.order(Choice(), by=hana, variant="candidate")
    cancelled.cancel(by=hana)
    assert ExportCancellation.objects.count() == 1

    people = Person.objects.filter(name__startswith="Person").order_by("pk")
    ready, spoilt, _waiting = (Export.order(person, by=hana) for person in people[:3])
    ready.finish(ready.job.take(worker="here:1"), "a.zip", sha256="b" * 64, size=1)
    spoilt.fail("The disk took nothing.")

    made = Import.upload(SHEET.encode(), file="7.csv", within=Organisation.here(), by=hana)
    for kind, end in ((Run.Kind.WORK_OUT, "done"), (Run.Kind.APPLY, "failed"), (Run.Kind.WORK_OUT, "waits")):
        run = Run.ask(made, kind, by=hana, **({"mapping": MAPPING} if kind == Run.Kind.WORK_OUT else {}))
        if end == "done":
            token = run.job.take(worker="here:1")
            run.perform()
            run.job.finish(token)
        elif end == "failed":
            run.fail("People have changed.")
    assert now() - made.at < timedelta(minutes=5)


def states():
    """Return what the models say of each row, as pages tell it."""
    from competencies.packets.models import Packet
    from competencies.packets.models.export import ExportItem, PacketExport
    from competencies.people_import.models import Run
    from competencies.personal_data.models import Export

    runs = Run.objects.select_related("job").order_by("pk")
    return {
        "packets": [
            [row.state, row.last_order.job.failure if row.last_order else "", row.orders.count()]
            for row in Packet.objects.filter(variant="candidate").order_by("pk")
        ],
        "items": [
            [row.state if row.job.claimed_by != "gone:1" else "taken", row.job.failure, row.job.attempts]
            for row in ExportItem.objects.with_all().order_by("pk")
        ],
        "exports": [job.state for job in PacketExport.objects.with_state().order_by("pk")],
        "copies": [[row.state, row.job.failure] for row in Export.objects.order_by("pk")],
        "runs": [[run.kind, run.is_over, run.problem] for run in runs],
    }


def number(sql):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def rows():
    """Return how many rows there are of each table that moves."""
    return {table: number(f"SELECT count(*) FROM {table}") for table in TABLES}


def kill_at(words):
    """Have the upgrade killed in a process of its own just after the statement that holds `words`."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            die_at(words)
        os._exit(1)
    _child, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def die_at(words):
    import signal

    from django.core.management import call_command
    from django.db import connection

    def die(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if words in str(sql):
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    with connection.execute_wrapper(die):
        call_command("migrate", verbosity=0)


def work_off(waiting):
    """Enqueue what the release before left in the queue, and have a worker of today do it, on a page each."""
    from ladder.jobs import packet_documents
    from ladder.jobs.performing import perform
    from ladder.jobs.task_database import DBTaskResult
    from ladder.jobs.worker import Worker
    from tests.ladder.pdf.one_page import one_page

    DBTaskResult.objects.all().delete()
    for path, row in waiting.items():
        task = perform.enqueue(row)
        DBTaskResult.objects.filter(pk=task.id).update(task_path=path)
    with mock.patch.object(packet_documents, "typeset", one_page):
        Worker(
            queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id="here:1", excluded_queue_names=[],
        ).run()  # fmt: skip


if __name__ == "__main__":
    main()
