"""Runs of imports: a preview, an apply or an undo that was asked for, done in the background."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.permissions import locked
from competencies.core.querysets import Guarded
from competencies.jobs.models import Job

from ..bulk_changes import quiet
from .application import Application
from .imports import Import

if TYPE_CHECKING:
    from competencies.people.models import Person

    from ..bulk_changes import Tell


class Runs(Guarded["Run"]):
    """Runs of imports as a list of jobs tells them."""

    def told_to(self, person: Person) -> Self:
        return self.select_related("of")


class Run(models.Model):
    """The fact that a preview, an apply or an undo was asked for. Its job says what became of it."""

    class Kind(models.TextChoices):
        WORK_OUT = "work_out", _("Preview")
        APPLY = "apply", _("Apply")
        UNDO = "undo", _("Undo")

    ACTIONS: ClassVar[dict[str, str]] = {
        Kind.WORK_OUT: "people.map_import",
        Kind.APPLY: "people.apply_import",
        Kind.UNDO: "people.undo_import",
    }

    WANTED = timedelta(days=1)  # not begun after that: people have changed

    of = models.ForeignKey(Import, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind)
    options = models.JSONField(default=dict)
    job = models.OneToOneField(Job, models.PROTECT, related_name="import_run")

    objects = Runs.as_manager()

    class Meta:
        db_table = "people_run"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return _now("%(file)s: %(step)s") % {"file": self.of.file, "step": self.get_kind_display()}

    def get_absolute_url(self) -> str:
        return self.of.get_absolute_url()

    @property
    def is_over(self) -> bool:
        """Return True if it has ended, or was given up for another."""
        return self.job.ended_at is not None or not self.job.is_expected

    @property
    def has_happened(self) -> bool:
        """Return True if what was asked for is so: a worker may have died between doing it and saying so."""
        applied = Application.objects.filter(of=self.of_id)
        if self.kind == self.Kind.APPLY:
            return applied.exists()
        return self.kind == self.Kind.UNDO and applied.filter(undoing__isnull=False).exists()

    @property
    def problem(self) -> str:
        """Return why it did not do what it should, in words; empty where it did, or has not yet."""
        return self.job.failure

    @classmethod
    @transaction.atomic
    def ask(cls, people_import: Import, kind: str, *, by: Person, **options: bool | None) -> Run:
        """Ask for something to be done with an import, in the name of `by`; return the `Run`.

        A run that was asked for before is given up: should it still be at work, one of the two is
        refused when it comes second.
        """
        locked(by, cls.ACTIONS[kind], people_import)
        Job.objects.filter(import_run__of=people_import).call_off()
        job = Job.objects.create(kind=Job.Kind.PEOPLE_IMPORT, by=by, wanted_until=now() + cls.WANTED)
        return cls.objects.create(of=people_import, kind=kind, options=options, job=job)

    def perform(self, tell: Tell = quiet) -> None:
        """Do what was asked for, in the name of who asked. Refuses as what was asked for does."""
        getattr(self.of, self.kind)(by=self.job.by, tell=tell, **self.options)

    def fail(self, reason: str, *, token: str = "") -> None:
        """Note why it did not do what it should. See `Job.fail`."""
        self.job.fail(reason, token=token)
