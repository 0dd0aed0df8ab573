"""How a job is carried out: what becomes of it when its work ends in one way or another."""

from dataclasses import replace

import pytest
from django.db import OperationalError

from competencies.core.refusals import Denied, NotNow
from competencies.jobs.models import Job, Lost
from competencies.jobs.subjects import OPENED_BY
from competencies.personal_data.models import Export
from ladder.jobs import performing
from ladder.jobs.performing import perform
from ladder.jobs.sweep import take_back_from
from ladder.jobs.worker import is_dead
from ladder.pdf.child import TypesettingFailed


@pytest.fixture
def job(sam):
    return Export.order(sam, by=sam).job


@pytest.fixture
def ends(job, monkeypatch):
    """`ends(problem)`: the job is carried out, and its work ends with that."""

    def carry_out(problem):
        def work(row, token):
            raise problem

        performer = performing.performers[job.kind]
        monkeypatch.setitem(performing.performers, job.kind, replace(performer, work=work))
        perform.call(job.pk)

    return carry_out


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (Denied("records.read_export"), "The person who requested this copy may no longer have it."),
        (NotNow("Somebody was erased."), "Somebody was erased."),
        (TypesettingFailed("No face has it."), "No face has it."),
        (OSError(13, "Permission denied"), "The copy could not be stored (Permission denied)."),
    ],
)
def test_a_refusal_is_told_in_words(ends, problem, told):
    ends(problem)

    assert (Job.objects.get().state, Job.objects.get().failure) == ("failed", told)


@pytest.mark.parametrize("problem", [OperationalError("gone"), OSError(28, "No space left on device")])
def test_what_database_or_disk_failed_is_no_attempt(ends, problem):
    for _time in range(7):
        with pytest.raises(type(problem)):
            ends(problem)

    assert (Job.objects.get().state, Job.objects.get().attempts) == ("waiting", 0)


def test_what_another_worker_took_over_is_theirs(ends, job):
    ends(Lost())

    assert Job.objects.get().failure == ""


def test_what_is_done_within_a_request_is_taken_back_from_nobody(job):
    job.take(worker="page")
    take_back_from(lambda name: is_dead(name, starting=True))

    assert Job.objects.get().state == "at-work"


def test_every_kind_has_somebody_who_does_it():
    undone = set(Job.Kind.values) - set(performing.performers)

    assert undone == set(), "name in ladder/jobs/kinds.py the module that does it"
    assert set(performing.performers) == set(Job.Kind.values)


def test_of_every_kind_it_is_said_who_opens_what_it_is_for():
    unsaid = set(Job.Kind.values) - set(OPENED_BY)

    assert unsaid == set(), "name the rule in competencies/jobs/subjects.py"
