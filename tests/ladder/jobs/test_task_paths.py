"""Tasks that wait under the path of an earlier release are carried out by the worker of today."""

import pytest
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from ladder.jobs import email_outbox
from ladder.jobs import worker as working
from ladder.jobs.task_paths import FORMER

OLD = "ladder.letters.send_letter"


@pytest.fixture
def worker(monkeypatch):
    """A worker that ends when nothing waits, in the transaction of the test, which closing would end."""
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    return working.Worker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="here:1", excluded_queue_names=[],
    )  # fmt: skip


@pytest.fixture
def waiting(db):
    """A task of the release before, about a letter that is not there any more."""
    task = email_outbox.send_letter.enqueue(0)
    DBTaskResult.objects.filter(pk=task.id).update(task_path=OLD)
    return DBTaskResult.objects.get(pk=task.id)


def test_what_waits_under_a_former_path_is_done(worker, waiting):
    worker.run()

    waiting.refresh_from_db()
    assert (waiting.status, waiting.task_path) == ("SUCCESSFUL", FORMER[OLD])


def test_what_is_ordered_there_after_the_worker_began_is_done_as_well(worker, waiting):
    worker.fell = False
    worker.run()

    waiting.refresh_from_db()
    assert (waiting.status, waiting.task_path) == ("SUCCESSFUL", FORMER[OLD])


@pytest.mark.parametrize("path", FORMER.values())
def test_each_leads_to_a_task_of_today_that_knows_its_own_path(path):
    assert import_string(path).module_path == path


@pytest.mark.parametrize("path", FORMER)
def test_nothing_stands_at_a_former_path(path):
    with pytest.raises(ImportError):
        import_string(path)
