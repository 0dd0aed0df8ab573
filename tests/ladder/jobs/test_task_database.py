"""What a worker needs of the inside of the queue in the database is there, by name."""

import inspect

import pytest

from ladder.jobs.task_database import DBTaskResult, LibraryWorker, WorkCommand, exclusive_transaction

TAKES = {
    LibraryWorker.run_task: ["self", "db_task_result"],
    DBTaskResult.claim: ["self", "worker_id"],
    DBTaskResult.set_failed: ["self", "exc"],
    DBTaskResult.objects.get_locked: [],
    WorkCommand.configure_logging: ["self", "verbosity"],
    exclusive_transaction: ["using"],
}
COLUMNS = {"status", "task_path", "worker_ids", "started_at", "run_after", "enqueued_at", "args_kwargs"}


@pytest.mark.parametrize("function", TAKES, ids=lambda function: function.__qualname__)
def test_a_function_takes_what_it_is_given(function):
    assert list(inspect.signature(function).parameters) == TAKES[function]


def test_a_worker_fails_a_task_through_its_row():
    """`ladder.jobs.worker.Worker.run_task` puts a function of its own in the place of the row's."""
    assert "db_task_result.set_failed(" in inspect.getsource(LibraryWorker.run_task)


def test_a_worker_keeps_what_its_loop_asks():
    kept = inspect.getsource(LibraryWorker)

    for name in ("running", "batch", "interval", "max_tasks", "_run_tasks", "backend_name", "worker_id"):
        assert f"self.{name}" in kept, name


def test_a_row_has_the_columns_that_are_written():
    assert {field.name for field in DBTaskResult._meta.fields} >= COLUMNS
