"""Whole records of people: a copy for the person, a hold that keeps a record, an erasure that ends it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import now
from competencies.core.permissions import demand, locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import Incomplete, NotNow
from competencies.jobs.models import Job
from competencies.trail.models import record

if TYPE_CHECKING:
    from competencies.people.models import Person


class Holds(Guarded["Hold"]):
    """Holds by whether they stand."""

    def active(self) -> Self:
        return self.filter(lifted_at=None)


class Hold(models.Model):
    """The fact that a person's record has to be kept, such as for a court, until somebody lifts it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="holds")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    reason = models.CharField(_("reason"), max_length=500)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_because = models.CharField(_("reason for lifting"), max_length=500, blank=True)

    objects = Holds.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("hold")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "reason"],
                condition=Q(lifted_at=None),
                name="records_one_standing_hold_per_reason",
            )
        ]

    @classmethod
    @transaction.atomic
    def place(cls, person: Person, *, by: Person, reason: str) -> Hold:
        """Keep the record of `person` from being erased; return the hold. Several may stand at once.

        Refuses without a reason, and a reason for which a hold stands already.
        """
        person = locked(by, "records.hold_person", person)
        reason = reason.strip()
        if not reason:
            raise Incomplete(_now("Enter a reason for the hold."), missing=["reason"])
        if cls.objects.active().filter(person=person, reason=reason).exists():
            raise NotNow(_now("There is already a hold for this reason."))
        hold = cls.objects.create(person=person, by=by, reason=reason)
        record("hold.placed", hold, by=by, about=person)
        return hold

    @transaction.atomic
    def lift(self, *, by: Person, reason: str) -> Hold:
        """End the hold. Refuses without a reason, and one that was lifted before."""
        hold = locked(by, "records.lift_hold", self)
        if not reason.strip():
            raise Incomplete(_now("Enter why the hold is lifted."), missing=["reason"])
        hold.lifted_by, hold.lifted_at, hold.lifted_because = by, now(), reason.strip()
        hold.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
        record("hold.lifted", hold, by=by, about=hold.person)
        return hold


class Exports(Guarded["Export"]):
    """Copies of records by what became of them."""

    def waiting(self) -> Self:
        """Keep those that are being made; one that takes longer than it may is given up."""
        return self.filter(job__ended_at=None, job__at__gt=now() - Export.PATIENCE)

    def told_to(self, person: Person) -> Self:
        """Bring along what a list of jobs tells, and whether another was ordered since: `asked_later`."""
        later = Export.objects.filter(person=OuterRef("person"), job__by=OuterRef("job__by"))
        asked_later = Exists(later.filter(pk__gt=OuterRef("pk")))
        return self.select_related("person").annotate(asked_later=asked_later)

    def ready(self) -> Self:
        return self.exclude(file="").filter(expires_at__gt=now())

    def expired(self) -> Self:
        return self.exclude(file="").filter(expires_at__lte=now())


class Export(models.Model):
    """A copy of somebody's whole record that was ordered. Its file lives for a day."""

    LIVES = timedelta(hours=24)
    PATIENCE = timedelta(minutes=10)
    WANTED = timedelta(days=1)  # not made after that: nobody expects it any more

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    job = models.OneToOneField(Job, models.PROTECT, related_name="record_copy")
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    asked_later: bool  # of `told_to()`

    objects = Exports.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("copy of a record")
        verbose_name_plural = _("copies of records")

    def __str__(self) -> str:
        return self.person.name

    def get_absolute_url(self) -> str:
        return address_of("record_of", self.person_id)

    @property
    def by(self) -> Person:
        return self.job.by

    @property
    def at(self) -> datetime:
        return self.job.at

    @property
    def of_oneself(self) -> bool:
        return self.person_id == self.job.by_id

    @property
    def state(self) -> str:
        """`waiting`, `overdue`, `failed`, `ready` or `expired`."""
        if self.job.failure:
            return "failed"
        if self.job.ended_at is None or self.job.dropped:
            return "waiting" if now() < self.at + self.PATIENCE else "overdue"
        return "ready" if self.file and self.expires_at and now() < self.expires_at else "expired"

    @classmethod
    @transaction.atomic
    def order(cls, person: Person, *, by: Person) -> Export:
        """Ask for a copy of the record of `person`: their own, or HR for them. Returns the `Export`.

        Refuses while one that the same person ordered is being made.
        """
        person = locked(by, "records.order_export", person)
        if cls.objects.waiting().filter(person=person, job__by=by).exists():
            raise NotNow(_now("A copy is already on its way."))
        job = Job.objects.create(kind=Job.Kind.RECORD_COPY, by=by, wanted_until=now() + cls.WANTED)
        export = cls.objects.create(person=person, job=job)
        record("record.exported", export, by=by, about=person)
        return export

    @transaction.atomic
    def finish(self, token: str, name: str, *, sha256: str, size: int) -> None:
        """Note where the copy lies, as the worker that has its job.

        Refuses with `Lost` without the claim, with `Denied` when the one who ordered it may not have it
        any more, and with `NotNow` when somebody was erased meanwhile, whom the copy may name.
        """
        self.job.finish(token)
        demand(self.by, "records.read_export", self)
        if Erasure.objects.filter(at__gte=self.at).exists():
            raise NotNow(
                _now("Someone’s record was erased while this copy was generating. Create a new one.")
            )
        self.file, self.sha256, self.size = name, sha256, size
        self.expires_at = now() + self.LIVES
        self.save(update_fields=["file", "sha256", "size", "expires_at"])
        record("record.export_built", self, by=self.by, about=self.person, sha256=sha256)

    @transaction.atomic
    def fail(self, reason: str, *, token: str = "") -> None:
        """Note that the copy could not be made, in words for the person who waits. See `Job.fail`."""
        self.job.fail(reason, token=token)
        record("record.export_failed", self, by=self.by, about=self.person)

    @transaction.atomic
    def note_download(self, *, by: Person) -> None:
        """Write into the trail that the copy was taken. Refuses all but its orderer, and after a day."""
        demand(by, "records.download_export", self)
        record("record.downloaded", self, by=by, about=self.person)

    @classmethod
    @transaction.atomic
    def expire(cls, exports: Exports) -> int:
        """Take back the files of `exports`; they are removed from the disk afterwards. Returns how many."""
        files = list(exports.exclude(file="").values_list("pk", "file"))
        Leftover.objects.bulk_create(Leftover(kind=Leftover.Kind.EXPORT, name=name) for _pk, name in files)
        cls.objects.filter(pk__in=[pk for pk, _name in files]).update(file="", expires_at=now())
        return len(files)


class Receipt(models.Model):
    """What an erasure took away, in numbers by kind. Written as its last step."""

    number = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    at = models.DateTimeField(default=now, editable=False)
    counts = models.JSONField(default=dict)


class Erasure(models.Model):
    """The fact that whatever names somebody was taken out of their record, and out of those of others.

    It promises its receipt, which is written last. While the promise is open, closed tables let go of
    names and texts; and as the database refuses to commit a reference to nothing, it is never open
    outside the one transaction.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="erasure")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="erasure")

    class Meta:
        verbose_name = _("erasure")


class Leftover(models.Model):
    """Something outside the tables that has yet to be removed, after what pointed at it went."""

    class Kind(models.TextChoices):
        PACKET = "packet", _("Document of a packet")
        EXPORT = "export", _("Copy of a record")
        MAIL = "mail", _("Mail")
        PAGES = "pages", _("Pages of the database")

    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["pk"]
