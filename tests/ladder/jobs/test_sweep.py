"""What was ordered and lost its task is sent on; what fails each time is ended in words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from competencies.core.clock import now, standing_at
from competencies.jobs.models import LONG_LEASE, MOST_ATTEMPTS, Job
from competencies.packets.selection import Choice
from competencies.people.models import Organisation
from competencies.people_import.models import Import, Run
from ladder.jobs import import_runs, packet_documents, packet_exports, performing, record_exports, sweep

LATER = LONG_LEASE + timedelta(seconds=1)
SHEET = "Number,Name,Email\n71,New,new@testing.example\n"


def order_document(full_case, mara, hana):
    full_case.propose(by=mara)
    return packet_documents.freeze(full_case, by=hana, variant="committee").orders.get()


def order_copy(full_case, mara, hana):
    return record_exports.order(mara, by=mara)


def order_import(full_case, mara, hana):
    made = Import.upload(SHEET.encode(), file="a.csv", within=Organisation.here(), by=hana)
    Import.objects.filter(pk=made.pk).update(rows=import_runs.SMALL + 1)
    mapping = {"columns": {"number": 0, "name": 1, "email": 2}, "dates": "iso", "leavers": False}
    return import_runs.ask(Import.objects.get(pk=made.pk), Run.Kind.WORK_OUT, by=hana, mapping=mapping)


def order_export(full_case, mara, hana):
    full_case.propose(by=mara)
    return packet_exports.order(Choice(), by=hana, variant="committee").items.get()


@pytest.fixture(
    params=[order_document, order_copy, order_import, order_export],
    ids=["document", "copy", "import", "export"],
)
def ordered(request, full_case, mara, hana):
    """What a job is for that has its task."""
    return request.param(full_case, mara, hana)


def swept(**after):
    with standing_at(now() + timedelta(**after)):
        return sweep.sweep()


def test_an_order_and_its_task_are_there_together(ordered):
    [task] = DBTaskResult.objects.all()

    assert task.args_kwargs["args"] == [ordered.job.pk]


def test_what_lost_its_task_is_sent_on_after_a_while(ordered):
    DBTaskResult.objects.all().delete()

    assert (swept(seconds=10), swept(seconds=40)) == (0, 1)
    [task] = DBTaskResult.objects.all()
    assert task.args_kwargs["args"] == [ordered.job.pk]
    assert swept(seconds=80) == 0


def test_what_a_worker_is_at_or_will_be_is_left_alone(ordered):
    DBTaskResult.objects.update(run_after=now() + timedelta(hours=1))
    swept(seconds=40)
    DBTaskResult.objects.update(status="RUNNING")
    swept(seconds=40)

    assert DBTaskResult.objects.count() == 1


def test_what_fails_several_times_by_an_error_nobody_foresaw_is_told_as_failed(ordered, monkeypatch):
    def fail(row, token):
        raise ZeroDivisionError

    performer = performing.performers[ordered.job.kind]
    monkeypatch.setitem(performing.performers, ordered.job.kind, replace(performer, work=fail))
    for _attempt in range(performer.errors):
        assert not Job.objects.get().ended_at
        with pytest.raises(ZeroDivisionError):
            performing.perform.call(ordered.job.pk)
    DBTaskResult.objects.all().delete()

    assert "Something unexpected went wrong" in Job.objects.get().failure
    assert swept(seconds=40) == 0


def test_what_ends_too_many_workers_is_given_up_in_words(ordered):
    for attempt in range(MOST_ATTEMPTS):
        with standing_at(now() + attempt * LATER):
            assert Job.objects.get().take(worker="here:1")
        with standing_at(now() + (attempt + 1) * LATER):
            assert sweep.sweep() == 1

    assert f"stopped {MOST_ATTEMPTS} times" in Job.objects.get().failure


def test_one_that_is_of_nothing_is_given_up_and_keeps_none_of_the_others(mara, sam):
    broken = Job.objects.create(kind=Job.Kind.RECORD_COPY, by=sam, attempts=MOST_ATTEMPTS - 1)
    whole = record_exports.order(mara, by=mara).job
    for job in (broken, whole):
        job.take(worker="here:1")

    sweep.take_back_from(lambda name: True)

    assert [Job.objects.get(pk=job.pk).state for job in (broken, whole)] == ["failed", "waiting"]
    assert Job.objects.get(pk=broken.pk).failure == (
        "The worker stopped 5 times while doing this, so it was given up. Try again later."
    )


def test_what_was_done_before_its_worker_died_is_told_as_done_and_followed(mara, hana):
    run = order_import(None, mara, hana)
    performing.perform.call(run.job_id)
    applying = import_runs.ask(run.of, Run.Kind.APPLY, by=hana)
    applying.perform()  # and the worker dies here

    performing.perform.call(applying.job_id)

    assert Run.objects.get(pk=applying.pk).job.state == "done"
    assert DBTaskResult.objects.filter(task_path__endswith="tell_old_addresses").count() == 1


def test_an_order_of_days_ago_is_not_done_all_of_a_sudden_and_ends(mara):
    job = record_exports.order(mara, by=mara).job
    DBTaskResult.objects.all().delete()
    assert swept(hours=23) == 1
    assert Job.objects.get(pk=job.pk).ended_at is None

    assert swept(days=2) == 0
    job.refresh_from_db()
    assert (job.state, job.failure, job.ended_at > job.wanted_until) == ("dropped", "", True)


def test_what_is_called_off_while_a_worker_is_at_it_ends_with_the_worker(mara, sam):
    done, left = (record_exports.order(person, by=person).job for person in (mara, sam))
    token = done.take(worker="here:1")
    left.take(worker="here:2")
    Job.objects.call_off()
    sweep.sweep()
    done.finish(token)
    assert [Job.objects.get(pk=job.pk).state for job in (done, left)] == ["done", "at-work"]

    swept(seconds=20)
    assert [Job.objects.get(pk=job.pk).state for job in (done, left)] == ["done", "dropped"]


def test_a_document_that_waits_since_an_earlier_release_is_made(full_case, mara, hana):
    order_document(full_case, mara, hana)
    DBTaskResult.objects.all().delete()

    assert swept(days=200) == 1


def test_a_document_that_failed_since_is_not_made_again(full_case, mara, hana):
    order_document(full_case, mara, hana).fail("No face has these letters.")
    DBTaskResult.objects.all().delete()

    assert swept(seconds=40) == 0


def test_an_order_that_is_rolled_back_leaves_no_task(mara):
    from django.db import transaction

    with transaction.atomic():
        record_exports.order(mara, by=mara)
        transaction.set_rollback(True)

    assert not DBTaskResult.objects.exists()
