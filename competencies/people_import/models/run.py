"""Runs of imports: a preview, an apply or an undo that was asked for, done in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.permissions import locked
from competencies.core.refusals import Refusal

from ..bulk_changes import quiet
from .imports import Import

if TYPE_CHECKING:
    from competencies.people.models import Person

    from ..bulk_changes import Tell


class Run(models.Model):
    """The fact that a preview, an apply or an undo was asked for, and what became of it."""

    class Kind(models.TextChoices):
        WORK_OUT = "work_out", _("Preview")
        APPLY = "apply", _("Apply")
        UNDO = "undo", _("Undo")

    ACTIONS: ClassVar[dict[str, str]] = {
        Kind.WORK_OUT: "people.map_import",
        Kind.APPLY: "people.apply_import",
        Kind.UNDO: "people.undo_import",
    }

    of = models.ForeignKey(Import, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind)
    options = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    ended_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        db_table = "people_run"
        ordering = ["-pk"]

    @classmethod
    @transaction.atomic
    def ask(cls, made: Import, kind: str, *, by: Person, **options: bool | None) -> Run:
        """Ask for something to be done with an import, in the name of `by`; return the `Run`.

        A run that was asked for before is given up: should it still be at work, one of the two is
        refused when it comes second.
        """
        locked(by, cls.ACTIONS[kind], made)
        cls.objects.filter(of=made, ended_at=None).update(ended_at=now())
        return cls.objects.create(of=made, kind=kind, by=by, options=options)

    def perform(self, tell: Tell = quiet) -> None:
        """Do what was asked for, and note how it ended. A run that ended before is left alone."""
        if not type(self).objects.filter(pk=self.pk, ended_at=None).exists():
            return
        try:
            getattr(self.of, self.kind)(by=self.by, tell=tell, **self.options)
        except Refusal as refusal:
            self.end(problem=str(refusal))
        except (OperationalError, InterfaceError):  # the database is away or full: it is tried again
            raise
        except Exception:
            self.end(problem=_now("Something went wrong that nobody foresaw. Nothing was changed."))
            raise
        else:
            self.end()

    def end(self, problem: str = "") -> None:
        """Note that this run is over, and why it did not do what it should."""
        self.ended_at, self.problem = now(), problem
        self.save(update_fields=["ended_at", "problem"])
