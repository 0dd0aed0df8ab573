"""Credentials: the invitation to choose a password, and the token by which a program acts as a person."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.permissions import demand, locked, may
from competencies.core.refusals import NotNow
from competencies.trail.models import record

from ..querysets import Invitations, Tokens, digest_of

if TYPE_CHECKING:
    from competencies.notices.models import Letter

    from .person import Person


class Invitation(models.Model):
    """The offer to somebody HR took in to choose a password, by a link that works once."""

    LIVES = timedelta(days=7)

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    digest = models.CharField(max_length=64, unique=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = Invitations.as_manager()

    letter: Letter | None  # the mail with it, as a page adds it

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("invitation")

    @classmethod
    @transaction.atomic
    def issue(cls, person: Person, *, by: Person | None) -> tuple[Invitation, str]:
        """Invite `person`; return the invitation with its key, which nobody can read again.

        An earlier one is void from then on. Refuses somebody who has a password or has signed in by
        another way: whoever holds the link would be them. A command on the server passes `by=None`.
        """
        if by is not None:
            person = locked(by, "people.invite_person", person)
        cls.check_never_came(person)
        cls.objects.active().filter(person=person).update(revoked_at=now())
        key = secrets.token_urlsafe(32)
        invitation = cls.objects.create(
            person=person, by=by, digest=digest_of(key), expires_at=now() + cls.LIVES
        )
        record("person.invited", invitation, by=by, about=person)
        return invitation, key

    @staticmethod
    def check_never_came(person: Person) -> None:
        """Refuse with `NotNow` whoever has a password or came in by another way."""
        if person.has_usable_password():
            raise NotNow(_now("%(person)s already has a password.") % {"person": person})
        if person.last_login is not None:
            raise NotNow(_now("%(person)s has already signed in.") % {"person": person})

    @transaction.atomic
    def accept(self, password: str) -> Person:
        """Choose the password of the invited person and void the link; return the person.

        Refuses with `NotNow` a link that was used, taken back or is expired, and whoever came in by
        another way meanwhile. The password's strength is checked by whoever asks for it.
        """
        invitation = type(self).objects.select_for_update().active().filter(pk=self.pk).first()
        if invitation is None:
            raise NotNow(_now("This invitation has been used or is no longer valid. Ask HR for a new one."))
        person = get_user_model().objects.select_for_update(no_key=True).get(pk=invitation.person_id)
        self.check_never_came(person)
        invitation.accepted_at = now()
        invitation.save(update_fields=["accepted_at"])
        person.set_password(password)
        person.save(update_fields=["password"])
        record("invitation.accepted", invitation, by=person, about=person)
        return person

    @transaction.atomic
    def renew_key(self) -> str:
        """Return a new key that opens the invitation, which nobody can read again; the former is void.

        It lives for a week from now on. Refuses with `NotNow` what was used, taken back or is expired,
        what was ordered by somebody who may not invite the person any more, and whoever came in since.
        """
        invitation = type(self).objects.select_for_update().active().filter(pk=self.pk).first()
        by = invitation and invitation.by
        if invitation is None or (by and not may(by, "people.invite_person", invitation.person)):
            raise NotNow(_now("This invitation has been used or is no longer valid. Ask HR for a new one."))
        self.check_never_came(invitation.person)
        key = secrets.token_urlsafe(32)
        invitation.digest, invitation.expires_at = digest_of(key), now() + self.LIVES
        invitation.save(update_fields=["digest", "expires_at"])
        return key

    @transaction.atomic
    def take_back_unsent(self) -> None:
        """Take back an invitation whose letter never arrived: the person waits for one again."""
        if type(self).objects.active().filter(pk=self.pk).update(revoked_at=now()):
            record("invitation.unsent", self, by=self.by, about=self.person)

    @transaction.atomic
    def revoke(self, *, by: Person) -> Invitation:
        """Take the invitation back. Refuses one that was used or taken back before."""
        invitation = locked(by, "people.revoke_invitation", self)
        invitation.revoked_at = now()
        invitation.save(update_fields=["revoked_at"])
        record("invitation.revoked", invitation, by=by, about=invitation.person)
        return invitation


class Token(models.Model):
    """A key by which a program acts as a person until it expires. Only the digest of the key is kept."""

    MOST_DAYS = 366

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    label = models.CharField(_("label"), max_length=100)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.READ)
    hint = models.CharField(_("begins with"), max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made"), default=now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    zone_here: str | None  # of `calendar_columns`, as a request of a program reads them
    zone_since_here: datetime | None
    zone_day_here: date | None

    objects = Tokens.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("token")

    def __str__(self) -> str:
        return f"{self.hint}…"

    @classmethod
    @transaction.atomic
    def issue(
        cls, person: Person, *, by: Person | None, label: str, scope: str = Scope.READ, days: int = 30
    ) -> tuple[Token, str]:
        """Make a token for `person`; return it with its key, which nobody can read again.

        A command on the server passes `by=None`. Refuses a life of less than a day or more than
        366 days, and a person who has left.
        """
        if by is not None:
            demand(by, "people.issue_token", person)
        if not person.is_active:
            raise NotNow(_now("%(person)s has left.") % {"person": person})
        if not 1 <= days <= cls.MOST_DAYS:
            raise NotNow(_now("A token can last from 1 to %(most)d days.") % {"most": cls.MOST_DAYS})

        key = f"ladder_{secrets.token_urlsafe(32)}"
        token = cls.objects.create(
            person=person,
            label=label,
            scope=scope,
            hint=key[:12],
            digest=digest_of(key),
            expires_at=now() + timedelta(days=days),
        )
        record("token.issued", token, by=by, about=person, scope=scope, days=days)
        return token, key

    @classmethod
    @transaction.atomic
    def end_all(cls, person: Person) -> int:
        """End every token of a person who set a new password: whoever knew the old one may have made them."""
        count = cls.objects.active().filter(person=person).update(revoked_at=now())
        if count:
            record("account.tokens_ended", person, by=person, about=person, count=count)
        return count

    @transaction.atomic
    def revoke(self, *, by: Person) -> Token:
        """End the token at once. Refuses one that was revoked before."""
        token = locked(by, "people.revoke_token", self)
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        record("token.revoked", token, by=by, about=token.person)
        return token
