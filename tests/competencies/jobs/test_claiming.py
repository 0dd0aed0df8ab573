"""A job is done by one worker at a time, ended once, and lost by none."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from competencies.core.clock import now, standing_at
from competencies.jobs.models import LEASE, LONG_LEASE, MOST_ATTEMPTS, Job, Lost

LATER = LEASE + timedelta(seconds=1)


@pytest.fixture
def job(sam):
    return Job.objects.create(kind=Job.Kind.RECORD_COPY, by=sam)


def stored():
    return Job.objects.get()


class TestTaking:
    def test_only_one_has_it(self, job):
        assert job.take(worker="here:1")
        assert stored().take(worker="here:2") is None
        assert (stored().state, stored().claimed_by, stored().attempts) == ("at-work", "here:1", 1)

    def test_a_sign_of_life_keeps_it(self, job):
        token = job.take(worker="here:1")
        with standing_at(now() + LEASE / 2):
            assert job.hold(token)
        with standing_at(now() + LATER):
            assert stored().take(worker="here:2") is None

    def test_without_one_it_is_anybodys(self, job):
        job.take(worker="here:1")
        with standing_at(now() + LATER):
            assert stored().state == "waiting"
            assert stored().take(worker="here:2")

    def test_what_writes_for_long_is_claimed_for_longer(self, sam):
        job = Job.objects.create(kind=Job.Kind.PEOPLE_IMPORT, by=sam)
        job.take(worker="here:1")
        with standing_at(now() + LATER):
            assert stored().take(worker="here:2") is None
        with standing_at(now() + LONG_LEASE):
            assert stored().take(worker="here:2")

    def test_what_nobody_waits_for_is_not_begun(self, job):
        assert Job.objects.call_off() == 1
        assert stored().take(worker="here:1") is None
        assert stored().state == "dropped"

    def test_what_is_called_off_while_it_is_at_work_still_ends(self, job):
        token = job.take(worker="here:1")
        Job.objects.call_off()
        job.finish(token)

        assert stored().state == "done"

    def test_so_many_attempts_are_made_and_no_more(self, job):
        for _attempt in range(MOST_ATTEMPTS):
            job.release(job.take(worker="here:1"))

        assert job.take(worker="here:1") is None

    def test_an_attempt_that_was_none_does_not_count(self, job):
        job.release(job.take(worker="here:1"), tried=False)

        assert (stored().state, stored().attempts) == ("waiting", 0)


class TestEnding:
    def test_it_is_done_once(self, job):
        token = job.take(worker="here:1")
        job.finish(token)

        assert (stored().state, job.state) == ("done", "done")
        assert stored().take(worker="here:2") is None
        with pytest.raises(Lost):
            job.finish(token)

    def test_why_it_failed_stays_until_it_is_tried_again(self, job):
        job.fail("It failed.", token=job.take(worker="here:1"))

        assert (stored().state, stored().failure) == ("failed", "It failed.")
        assert stored().take(worker="here:2") is None
        assert Job.objects.retry() == 1
        assert (stored().state, stored().failure, stored().attempts) == ("waiting", "", 0)

    @pytest.mark.parametrize("token", ["", "somebody else's"])
    def test_without_the_claim_nothing_ends_while_somebody_is_at_it(self, job, token):
        job.take(worker="here:1")

        with pytest.raises(Lost):
            job.finish(token)
        with pytest.raises(Lost):
            job.fail("It failed.", token=token)
        with pytest.raises(Lost):
            job.insist(token)
        assert stored().state == "at-work"

    def test_who_slept_past_the_lease_goes_on_if_nobody_came(self, job):
        token = job.take(worker="here:1")
        with standing_at(now() + LATER):
            assert job.hold(token)
            job.finish(token)

        assert stored().state == "done"

    def test_within_a_request_it_holds_for_as_long_as_is_said(self, sam):
        job = Job.objects.create(kind=Job.Kind.PEOPLE_IMPORT, by=sam)
        job.take(worker="page", lease=LEASE)
        assert not Job.objects.abandoned().exists()
        with standing_at(now() + LATER):
            assert Job.objects.abandoned().get() == job

    @pytest.mark.parametrize("told", [{"failure": "It failed."}, {"ended_at": now(), "claim": "a"}])
    def test_the_database_knows_no_half_end(self, job, told):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.update(**told)


class TestTakingBack:
    def test_what_was_abandoned_is_freed_once(self, job):
        job.take(worker="here:1")
        assert not Job.objects.abandoned().exists()
        with standing_at(now() + LATER):
            found = list(Job.objects.abandoned())
            assert [Job.take_back(found), Job.take_back(Job.objects.abandoned())] == [[job], []]

        assert (stored().claim, stored().state) == ("", "waiting")

    def test_what_another_took_meanwhile_is_left_to_them(self, job):
        job.take(worker="here:1")
        with standing_at(now() + LATER):
            found = list(Job.objects.abandoned())
            job.take(worker="here:2")
            assert Job.take_back(found) == []

        assert stored().claimed_by == "here:2"
