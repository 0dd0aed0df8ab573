"""Jobs: what was ordered of the background, which worker is at it, and what became of it.

The rows are the truth and a queue only wakes workers. A worker claims a job for a short while and goes
on saying that it is at it; whoever lost the claim can end nothing any more. What a job is for is a row of
another app that points at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self, TypedDict
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.querysets import Guarded
from competencies.core.refusals import Refusal

LEASE = timedelta(seconds=15)  # without a sign of life of its worker, a job is anybody's again
LONG_LEASE = timedelta(minutes=10)  # of what writes for so long that no sign can be written meanwhile
MOST_ATTEMPTS = 5  # workers that ended over one job before it is given up


class Lost(Refusal):
    """The claim on a job ran out, and somebody else may be at it: nothing of this worker's counts."""

    code = "lost"

    def __init__(self) -> None:
        super().__init__(_now("Another worker has taken this over."))


class Counts(TypedDict):
    """How many jobs of a kind wait and are at work, and how many ended."""

    waiting: int
    at_work: int
    failed: int
    done: int


def _pending() -> Q:
    return Q(ended_at=None) & (Q(wanted_until=None) | Q(wanted_until__gt=now()))


def _at_work() -> Q:
    return Q(Q(ended_at=None, lease_until__isnull=False, lease_until__gt=now()) & ~Q(claim=""))


class Jobs(Guarded["Job"]):
    """Jobs by how far they are."""

    def open(self) -> Self:
        """Keep those that have not ended."""
        return self.filter(ended_at=None)

    def pending(self) -> Self:
        """Keep the open ones that somebody still waits for."""
        return self.filter(_pending())

    def claimed(self) -> Self:
        return self.open().exclude(claim="")

    def unclaimed(self) -> Self:
        return self.open().filter(claim="")

    def abandoned(self) -> Self:
        """Keep those whose worker has given no sign of life for as long as its claim held."""
        return self.claimed().filter(lease_until__lte=now())

    def waiting(self) -> Self:
        """Keep those that somebody waits for and nobody is at."""
        return self.filter(_pending() & ~_at_work())

    def failed(self) -> Self:
        return self.exclude(failure="")

    def done(self) -> Self:
        return self.filter(ended_at__isnull=False, failure="", dropped=False)

    def retry(self) -> int:
        """Have those that failed done once more; return how many did."""
        return self.failed().update(failure="", ended_at=None, attempts=0)

    def recent(self, *, since: datetime) -> Self:
        """Keep the open ones and those that ended since an instant."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gte=since))

    def counted(self) -> dict[str, Counts]:
        """Return how many of each kind wait, are at work, and ended.

        `{kind: {"waiting": …, "at_work": …, "failed": …, "done": …}}`, with every kind.
        """
        rows = (
            self.order_by()
            .values("kind")
            .annotate(
                waiting=Count("pk", filter=_pending() & ~_at_work()),
                at_work=Count("pk", filter=_at_work()),
                failed=Count("pk", filter=~Q(failure="")),
                done=Count("pk", filter=Q(ended_at__isnull=False, failure="", dropped=False)),
            )
        )
        found = {
            row["kind"]: Counts(
                waiting=row["waiting"], at_work=row["at_work"], failed=row["failed"], done=row["done"]
            )
            for row in rows
        }
        none = Counts(waiting=0, at_work=0, failed=0, done=0)
        return {kind: found.get(kind, none) for kind in Job.Kind.values}

    def call_off(self) -> int:
        """Have nobody wait for these any more: what is at work is finished, the rest is never begun."""
        return self.pending().update(wanted_until=now())

    def drop(self) -> int:
        """End those that nobody waits for and nobody is at; return how many."""
        unwanted = self.unclaimed().filter(wanted_until__lte=now())
        return unwanted.update(ended_at=now(), dropped=True) if unwanted.exists() else 0


class Job(models.Model):
    """The order for something that is done in the background, in the name of whoever ordered it.

    `claim` is the secret of the worker that is at it, until `lease_until`; empty while nobody is. After
    `wanted_until` it is not begun any more, and ends as dropped. What ended otherwise failed or is done.
    """

    class Kind(models.TextChoices):
        PACKET_DOCUMENT = "packet_document", _("Packet document")
        PACKET_EXPORT = "packet_export", _("Exported packet")
        PEOPLE_IMPORT = "people_import", _("People import")
        RECORD_COPY = "record_copy", _("Record copy")

    kind = models.CharField(max_length=20, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    wanted_until = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    claimed_by = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(_("what went wrong"), blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    dropped = models.BooleanField(default=False, db_default=False)

    objects = Jobs.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("job")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, failure="") | Q(ended_at__isnull=False, claim=""),
                name="jobs_what_ended_is_claimed_by_nobody",
            ),
            models.CheckConstraint(
                condition=Q(dropped=False) | Q(ended_at__isnull=False, failure=""),
                name="jobs_what_was_dropped_ended_without_a_failure",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "claim"], condition=Q(ended_at=None), name="jobs_open"),
            models.Index(fields=["by", "-at", "-id"], name="jobs_of_person"),
            models.Index(fields=["ended_at"], name="jobs_ended"),
        ]

    @property
    def state(self) -> str:
        """`done`, `failed`, `at-work`, `waiting`, or `dropped` (nobody waited for it any more)."""
        if self.dropped:
            return "dropped"
        if self.ended_at:
            return "failed" if self.failure else "done"
        if self.claim and self.lease_until and now() < self.lease_until:
            return "at-work"
        return "waiting" if self.is_expected else "dropped"

    @property
    def is_expected(self) -> bool:
        return self.wanted_until is None or now() < self.wanted_until

    @property
    def lease(self) -> timedelta:
        """For how long a claim of a worker holds without a sign of life."""
        return LONG_LEASE if self.kind == self.Kind.PEOPLE_IMPORT else LEASE

    def take(self, *, worker: str, among: Jobs | None = None, lease: timedelta | None = None) -> str | None:
        """Claim the job for `worker`, a name; return the secret of the claim, None when it is not free.

        `among` are the jobs that may be begun now, where not all may; `lease` is for how long it holds
        without a sign of life, unless that is the usual of its kind.
        """
        token, at = uuid4().hex, now()
        free = Q(claim="") | Q(lease_until__lte=at)
        rows = Job.objects.all() if among is None else among
        taken = (
            rows.pending()
            .filter(free, pk=self.pk, attempts__lt=MOST_ATTEMPTS)
            .update(
                claim=token,
                claimed_by=worker,
                claimed_at=at,
                lease_until=at + (lease or self.lease),
                attempts=F("attempts") + 1,
            )
        )
        return token if taken else None

    def hold(self, token: str) -> bool:
        """Note that its worker is still at it; return True if the claim still holds."""
        return bool(self._held(token).update(lease_until=now() + self.lease))

    def insist(self, token: str) -> None:
        """Lock the job until the transaction ends. Refuses with `Lost` without the claim."""
        self._insist(self._held(token).select_for_update(no_key=True).exists())

    def finish(self, token: str = "") -> None:
        """Note that it is done. Refuses with `Lost` without the claim; with none, where somebody is at it."""
        self._end(token, "")

    def fail(self, reason: str, *, token: str = "") -> None:
        """Note why it came to nothing, in words for whoever ordered it. Refuses as `finish` does."""
        self._end(token, reason)

    def release(self, token: str, *, tried: bool = True) -> None:
        """Let somebody else take it; unless it was `tried`, the attempt does not count."""
        self._held(token).update(claim="", attempts=F("attempts") - int(not tried))

    @classmethod
    def take_back(cls, jobs: Iterable[Job]) -> list[Job]:
        """Free those of `jobs` that nobody else took meanwhile, as their workers are gone; return them."""
        freed = []
        for job in jobs:
            same = cls.objects.open().filter(pk=job.pk, claim=job.claim, lease_until=job.lease_until)
            if same.update(claim=""):
                job.claim = ""
                freed.append(job)
        return freed

    def _held(self, token: str) -> Jobs:
        return Job.objects.open().filter(pk=self.pk, claim=token)

    def _end(self, token: str, failure: str) -> None:
        at = now()
        self._insist(self._held(token).update(ended_at=at, claim="", failure=failure) == 1)
        self.ended_at, self.claim, self.failure = at, "", failure

    def _insist(self, held: bool) -> None:
        if not held:
            raise Lost
