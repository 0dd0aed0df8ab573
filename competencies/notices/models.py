"""The outbox: who is told what, and whether it went.

A letter is a row before it is work. What it says is written when it is sent, from the rows as they stand
then, so no key and no link rests here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.querysets import Guarded
from competencies.trail.models import record

if TYPE_CHECKING:
    from competencies.people.models import Person


class Letters(Guarded["Letter"]):
    """Letters by what became of them."""

    def waiting(self) -> Self:
        """Keep those that were neither sent nor given up."""
        return self.filter(sent_at=None, failed_at=None)

    def due(self) -> Self:
        """Keep those to try now; one that somebody is at is due again after a while."""
        return self.waiting().filter(due_at__lte=now())

    def undelivered(self) -> Self:
        """Keep those that did not arrive, as far as anybody was told, and that no later one makes up for."""
        lost = self.filter(failure__in=[Letter.Failure.REFUSED, Letter.Failure.GIVEN_UP])
        to_the_same = Q(receiver=OuterRef("receiver")) | Q(receiver=None, row=OuterRef("row"))
        later = Letter.objects.filter(to_the_same, kind=OuterRef("kind"), pk__gt=OuterRef("pk"))
        return lost.filter(~Exists(later))

    def over(self) -> Self:
        """Keep those that nobody needs any more."""
        return self.filter(Q(sent_at__lt=now() - Letter.KEPT) | Q(failed_at__lt=now() - Letter.KEPT))


class Letter(models.Model):
    """The fact that somebody is to be told something by mail.

    `row` is the key of what it speaks of, by `kind`; `what` says more where one kind has several texts.
    `address` is where it goes when that is not the address the receiver has now. `site` is `https://host`,
    under which whoever ordered it reached Ladder. `due_at` is when it is tried next.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        RESET = "reset", _("New password")
        ACCOUNT = "account", _("Change of an account")
        NEW_EMAIL = "new-email", _("Change of the email")
        SECOND_FACTOR = "second-factor", _("Reset of a second factor")
        ENDORSEMENT = "endorsement", _("Request for an endorsement")
        ENDORSED = "endorsed", _("Answer to a request for an endorsement")
        CALL = "call", _("Call to a hearing")
        TRAIL_HEAD = "trail-head", _("Where the trail stands")

    class Failure(models.TextChoices):
        REFUSED = "refused", _("The address was refused.")
        GIVEN_UP = "given-up", _("No mail server took it for a day.")
        NEEDLESS = "needless", _("There was nothing to say any more.")

    TRIED_FOR = timedelta(days=1)
    LEASE = timedelta(minutes=1)  # a talk with a mail server is over by then
    PAUSES = timedelta(seconds=5), timedelta(minutes=30)
    KEPT = timedelta(days=30)

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("to")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ordered by")
    )
    row = models.PositiveBigIntegerField(null=True)
    what = models.CharField(max_length=40, blank=True)
    address = models.EmailField(_("address"), blank=True)
    site = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(_("ordered"), default=now, editable=False)
    due_at = models.DateTimeField(default=now, editable=False)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    tried_at = models.DateTimeField(_("tried"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(_("failure"), max_length=20, choices=Failure, blank=True)
    status = models.PositiveIntegerField(null=True)  # what the mail server answered

    objects = Letters.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("letter")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at=None, failed_at=None),
                name="notices_letter_waiting",
            ),
            models.Index(fields=["kind", "row"], name="notices_letter_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(failed_at=None), name="notices_letter_sent_or_failed"
            )
        ]

    @property
    def state(self) -> str:
        """`sent`, `failed`, or `waiting`."""
        if self.sent_at:
            return "sent"
        return "failed" if self.failed_at else "waiting"

    @classmethod
    def order(cls, kind: str, *, to: Person | None, by: Person | None = None, **about: int | str) -> Letter:
        """Have `to` told; return the `Letter`. Belongs in the transaction of what it tells.

        `to` is a person, or None for somebody outside, and for nobody at all: then it is worked off like
        any other, so that an order takes as long for an email that nobody has.
        """
        return cls.objects.create(kind=kind, receiver=to, by=by, **about)

    @classmethod
    def take(cls, pk: int) -> Letter | None:
        """Take a letter that is due, for the length of one try; return it, or None when it is not due.

        Of two who come at once, one gets it. Who takes it and dies leaves it due again after a while.
        """
        letter = cls.objects.due().select_related("receiver", "by").filter(pk=pk).first()
        if letter is None:
            return None
        mine = cls.objects.due().filter(pk=pk, tries=letter.tries)
        if not mine.update(tries=F("tries") + 1, tried_at=now(), due_at=now() + cls.LEASE):
            return None
        letter.refresh_from_db(fields=["tries", "tried_at", "due_at"])
        return letter

    @property
    def is_worn_out(self) -> bool:
        """Whether it was tried for long enough."""
        return self.at + self.TRIED_FOR <= now()

    def note_sent(self) -> None:
        """Note that a mail server took it. A second worker that sent it too changes nothing."""
        type(self).objects.waiting().filter(pk=self.pk).update(sent_at=now())

    def put_off(self, *, tried: bool = True) -> datetime:
        """Let it be tried again later, after a pause that grows with each try; return when that is."""
        first, longest = self.PAUSES
        due: datetime = now() + min(first * 2 ** min(self.tries, 12), longest)
        counted = {} if tried else {"tries": max(self.tries - 1, 0)}
        type(self).objects.waiting().filter(pk=self.pk).update(due_at=due, **counted)
        return due

    @transaction.atomic
    def fail(self, failure: str, *, status: int | None = None) -> bool:
        """Note that it will not be tried any more, and why; return whether it was still waiting.

        The trail keeps it for who ordered it; a letter that had nothing to say any more is no failure.
        """
        ended = type(self).objects.waiting().filter(pk=self.pk)
        if not ended.update(failed_at=now(), failure=failure, status=status):
            return False
        self.failed_at, self.failure, self.status = now(), failure, status
        if failure != self.Failure.NEEDLESS:
            record("letter.undelivered", self, by=self.by, about=self.receiver, because=failure)
        return True

    @classmethod
    def forget_old(cls) -> None:
        """Remove the letters of a month ago, which nobody needs any more."""
        cls.objects.over().delete()
