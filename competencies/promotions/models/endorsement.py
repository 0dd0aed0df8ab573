"""Endorsements: named people say what they saw, by a link in a mail, without an account.

Asked, then given or declined, or recalled, or over. A link opens one page and uses nothing up; who holds
it may answer once. What was sent never changes.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import now
from competencies.core.permissions import locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import Incomplete, NotNow
from competencies.people.models import Person
from competencies.people.querysets import digest_of
from competencies.trail.models import Seal, record

from .hearing import Hearing

if TYPE_CHECKING:
    from .case import PromotionCase


WORDS_LIMIT = 8_000
NOTE_LIMIT = 1_000


def gathering(path: str = "") -> Q:
    """Return the condition that a case, at `path` from the row, takes endorsements: no committee has it."""
    heard = Hearing.objects.filter(case=OuterRef(f"{path}pk"))
    return Q(**{f"{path}withdrawal": None}) & Q(~Exists(heard))


class Requests(Guarded["EndorsementRequest"]):
    """Requests by what came of them."""

    def answered(self) -> Self:
        return self.filter(endorsement__isnull=False)

    def unanswered(self) -> Self:
        """Keep those that were neither answered nor declined nor recalled."""
        return self.filter(endorsement=None, refusal=None, recall=None)

    def open(self) -> Self:
        """Keep those that can still be answered as far as they themselves say: see `active`."""
        return self.unanswered().filter(expires_at__gt=now())

    def active(self) -> Self:
        """Keep those whose link opens the page: open ones of cases that still gather endorsements."""
        return self.open().filter(gathering("case__"))

    def bearing(self, key: str) -> EndorsementRequest | None:
        """Return the active request with this key, or None."""
        letters = EndorsementLetter.objects.filter(key_digest=digest_of(key))
        return self.active().filter(pk__in=letters.values("request")).first()

    def told_to(self, person: Person) -> Self:
        """With what a list of them shows, and `words` and `because`: what `person` may read of answers."""
        words = Endorsement.objects.allowing(person, "promotions.read_endorsement").values("text")
        because = EndorsementRefusal.objects.allowing(person, "promotions.read_refusal").values("reason")
        asked = self.select_related("endorsement", "refusal", "recall", "by").prefetch_related("letters")
        return asked.annotate(
            words=Subquery(words.filter(request=OuterRef("pk"))),
            because=Subquery(because.filter(request=OuterRef("pk"))),
        )

    def with_case(self) -> Self:
        """With the case as whoever is asked hears of it."""
        return self.select_related(
            "by", "case__subject", "case__sponsor", "case__presenter", "case__from_level", "case__to_level"
        )


class EndorsementRequest(models.Model):
    """The fact that a named person was asked to say what they saw of a candidate.

    `relation` and `outside` (of the candidate's team) are as the asker said, and from the answer on as the
    endorser did. `person` is the one who signs in by that email, where there is one.
    """

    class Relation(models.TextChoices):
        PEER = "peer", _("Peer")
        PARTNER = "partner", _("Partner in another team")
        REPORT = "report", _("Somebody they lead")
        FORMER_MANAGER = "former-manager", _("Former manager")
        OTHER_MANAGER = "other-manager", _("Manager of another team")
        MENTOR = "mentor", _("Mentor")
        CUSTOMER = "customer", _("Customer")

    LIVES, RESTS = timedelta(days=21), timedelta(days=7)
    MOST = 12

    case = models.ForeignKey("promotions.PromotionCase", models.PROTECT, related_name="endorsement_requests")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("email"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    relation = models.CharField(_("relation"), max_length=20, choices=Relation)
    outside = models.BooleanField(_("outside the candidate’s team"))
    note = models.TextField(_("a word to them"), blank=True, max_length=NOTE_LIMIT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField(_("open until"), editable=False)

    objects = Requests.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("request for an endorsement")

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """`answered`, `declined`, `recalled`, `expired` or `asked`."""
        for name, row in (("answered", "endorsement"), ("declined", "refusal"), ("recalled", "recall")):
            if getattr(self, row, None):
                return name
        return "asked" if self.expires_at > now() else "expired"

    @property
    def last_letter_at(self) -> datetime | None:
        """Return when the link last went out, or None while it waits to be sent. Uses what was prefetched."""
        return max((letter.at for letter in self.letters.all()), default=None)

    @property
    def may_be_reminded(self) -> bool:
        """Return True if the last letter is a week old."""
        last = self.last_letter_at
        return last is None or last + self.RESTS <= now()

    def get_absolute_url(self) -> str:
        return f"{address_of('case', self.case_id)}#endorsement-{self.pk}"

    @transaction.atomic
    def issue_key(self, *, by: Person, again: bool = False) -> str:
        """Return a key that opens the request, which nobody can read again; earlier ones stay good.

        It goes out with a letter, one a week at most. Refuses with `NotNow` before a week is over; `again`
        is for the next try of the same letter, which the trail has already.
        """
        request = locked(by, "promotions.remind_endorser", self)
        if not again and not request.may_be_reminded:
            raise NotNow(_now("%(name)s got an email within the last week.") % {"name": request.name})
        key = secrets.token_urlsafe(32)
        EndorsementLetter.objects.create(request=request, by=by, key_digest=digest_of(key))
        if not again:
            record("endorsement.requested", request, by=by, about=request.case.subject)
        return key

    @staticmethod
    @transaction.atomic
    def drop_key(key: str) -> None:
        """Forget a key whose letter could not be sent: it does not count as one."""
        EndorsementLetter.objects.filter(key_digest=digest_of(key)).delete()

    @transaction.atomic
    def take_back(self, *, by: Person) -> EndorsementRecall:
        """Take the request back: its link opens nothing any more. Returns the `EndorsementRecall`."""
        request = locked(by, "promotions.recall_request", self)
        recall = EndorsementRecall.objects.create(request=request, by=by)
        record("endorsement.recalled", request, by=by, about=request.case.subject)
        return recall

    @transaction.atomic
    def endorse(self, text: str, *, relation: str, outside: bool) -> Endorsement:
        """Keep what the endorser says, once and for good. Returns the `Endorsement`.

        `relation` and `outside` are as they put it themselves; what the asker had said is kept beside.
        Whoever holds the link is the endorser, so that nobody acts here by a right. Refuses an empty text,
        and with `NotNow` a request that is answered, declined, recalled or over.
        """
        request = self._still_active()
        if not text.strip():
            raise Incomplete(_now("Write your endorsement."), missing=["text"])
        asked = {"asked_relation": request.relation, "asked_outside": request.outside}
        request.relation, request.outside = relation, outside
        request.save(update_fields=["relation", "outside"])
        endorsement = Endorsement.objects.create(request=request, text=text, **asked)
        details = {"digest": Seal.of(endorsement, *Endorsement.SEALED)}
        record("endorsement.given", request, by=None, about=request.case.subject, **details)
        return endorsement

    @transaction.atomic
    def decline(self, reason: str = "") -> EndorsementRefusal:
        """Note that the person would rather not. Returns the `EndorsementRefusal`; refuses as `endorse`."""
        request = self._still_active()
        refusal = EndorsementRefusal.objects.create(request=request, reason=reason)
        record("endorsement.declined", request, by=None, about=request.case.subject)
        return refusal

    def _still_active(self) -> EndorsementRequest:
        """Return the request, locked, with its case, so that neither ends meanwhile."""
        case = type(self.case)._base_manager.select_for_update(no_key=True).get(pk=self.case_id)
        request = type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
        if not type(self).objects.active().filter(pk=request.pk).exists():
            raise NotNow(_now("This request is closed."))
        request.case = case
        return request


class EndorsementLetter(models.Model):
    """The fact that a letter with a link went out: the first one, and each reminder."""

    request = models.ForeignKey(EndorsementRequest, models.PROTECT, related_name="letters")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    key_digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["at", "pk"]


class Endorsement(models.Model):
    """What somebody who was asked says they saw. Never changes.

    `asked_relation` and `asked_outside` are what the asker had said; what counts stands in the request.
    """

    request = models.OneToOneField(EndorsementRequest, models.PROTECT, related_name="endorsement")
    text = models.TextField(_("what you saw"), max_length=WORDS_LIMIT)
    asked_relation = models.CharField(max_length=20, choices=EndorsementRequest.Relation, editable=False)
    asked_outside = models.BooleanField(editable=False)
    at = models.DateTimeField(default=now, editable=False)

    objects = Guarded.as_manager()

    SEALED = ("request_id", "text", "asked_relation", "asked_outside")

    class Meta:
        verbose_name = _("endorsement")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="promotions_endorsement_has_words")]

    def note_redaction(self, *, by: Person, receipt: UUID) -> None:
        """Write into the trail that an erasure with that receipt changed the endorsement."""
        details = {"receipt": str(receipt), "digest": Seal.of(self, *self.SEALED)}
        record("endorsement.redacted", self.request, by=by, about=self.request.case.subject, **details)

    @property
    def is_corrected(self) -> bool:
        """Return True if the endorser put the relation otherwise than the asker had."""
        given = (self.request.relation, self.request.outside)
        return given != (self.asked_relation, self.asked_outside)


class EndorsementRefusal(models.Model):
    """The fact that somebody who was asked would rather not."""

    request = models.OneToOneField(EndorsementRequest, models.PROTECT, related_name="refusal")
    reason = models.TextField(_("reason"), blank=True, max_length=NOTE_LIMIT)
    at = models.DateTimeField(default=now, editable=False)

    objects = Guarded.as_manager()


class EndorsementRecall(models.Model):
    """The fact that a request was taken back before it was answered."""

    request = models.OneToOneField(EndorsementRequest, models.PROTECT, related_name="recall")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


@transaction.atomic
def ask(
    case: PromotionCase, *, by: Person, name: str, email: str, relation: str, outside: bool, note: str = ""
) -> EndorsementRequest:
    """Ask a named person to endorse `case`; return the `EndorsementRequest`. No letter has gone out yet.

    Refuses the candidate, the sponsor, who has a statement, whoever was asked and has not answered or has,
    and more requests than a committee reads.
    """
    case = locked(by, "promotions.ask_endorsement", case)
    email = email.strip().lower()
    _check_endorser(case, email)
    standing = case.endorsement_requests
    if standing.filter(email=email).filter(Q(endorsement__isnull=False) | Q(pk__in=standing.open())).exists():
        raise NotNow(_now("%(email)s has already been asked.") % {"email": email}, field="email")
    if standing.answered().count() + standing.open().count() >= EndorsementRequest.MOST:
        raise NotNow(_now("A case can have twelve endorsements at most, including open requests."))
    request = EndorsementRequest.objects.create(
        case=case,
        name=name,
        email=email,
        person=Person.objects.active().filter(email=email).first(),
        relation=relation,
        outside=outside,
        note=note,
        by=by,
        expires_at=now() + EndorsementRequest.LIVES,
    )
    record("endorsement.asked", request, by=by, about=case.subject)
    return request


def _check_endorser(case: PromotionCase, email: str) -> None:
    if email == case.subject.email:
        raise NotNow(_now("The candidate can’t endorse their own case."), field="email")
    if email == case.sponsor.email:
        raise NotNow(
            _now("The sponsor can’t endorse the case. They write the manager’s statement."), field="email"
        )
