"""Dated rows, and people by where they stand in the reporting line today."""

import hashlib

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from competencies.core.clock import now, today
from competencies.core.querysets import Guarded


def here(path=""):
    """Return the condition that somebody, at `path` from the row, has not left by today."""
    return Q(**{f"{path}leaves_on": None}) | Q(**{f"{path}leaves_on__gt": today()})


class Dated(Guarded):
    """Rows that hold from one day up to, not including, another."""

    def on(self, day):
        """Keep the rows that hold on `day`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def current(self):
        return self.on(today())


class People(Guarded):
    """People, by whether they are here and by whom they report to."""

    def active(self):
        """Keep those who are here today."""
        return self.filter(here())

    def left(self):
        """Keep those who were here once and are not any more."""
        return self.filter(leaves_on__lte=today())

    def without_manager(self):
        """Keep those who are here and report to nobody today."""
        return self._lacking("manager")

    def without_level(self):
        """Keep those who are here and stand at no level today."""
        return self._lacking("level")

    def with_manager_gone(self):
        """Keep those who are here and report today to somebody who is not."""
        return self._lacking("manager-gone")

    def _lacking(self, kind):
        from .models import Gap

        return self.active().filter(pk__in=Gap.objects.today().filter(kind=kind).values("person"))

    def in_order(self, ids):
        """Return the people with these ids as a list, in the order of the ids."""
        found = self.in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def reporting_to(self, manager, *, on=None):
        """Keep those whose manager is `manager` on a day (today when None)."""
        from .models import ReportingLine

        lines = ReportingLine.objects.on(on or today()).filter(manager=manager)
        return self.filter(pk__in=lines.values("person"))

    def below(self, manager):
        """Keep everyone under `manager` today, at any depth."""
        return self._below(manager, {"until__gt": today(), "starts_on__lte": today()})

    def below_from(self, manager, day):
        """Keep everyone under `manager` by lines that hold on `day` or any day after it."""
        return self._below(manager, {"until__gt": day})

    def managing(self):
        """Keep those to whom anybody reports today."""
        from .models import ReportingLine

        return self.filter(pk__in=ReportingLine.objects.current().values("manager"))

    def locked_out(self):
        """Keep those who have no password to sign in with, and never came in by another way."""
        return self.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, last_login=None)

    def uninvited(self):
        """Keep those who hold no invitation that still opens the door."""
        from .models import Invitation

        return self.exclude(pk__in=Invitation.objects.living().values("person"))

    def above(self, person):
        """Keep everyone above `person` today: their manager, and up to the top."""
        from .models import Chain

        return self.filter(pk__in=Chain.objects.today().filter(person=person).values("manager"))

    def beside(self, person):
        """Keep those who report today to the same manager as `person`, themselves included."""
        from .models import ReportingLine

        theirs = ReportingLine.objects.current().filter(person=person).values("manager")
        lines = ReportingLine.objects.current().filter(manager__in=theirs)
        return self.filter(pk__in=lines.values("person"))

    def _below(self, manager, when):
        from .models import Chain

        return self.filter(pk__in=Chain.objects.filter(manager=manager, **when).values("person"))

    def holding(self, role):
        """Keep those who hold a granted role (`hr`, `author`, `auditor`) now."""
        from .models import RoleGrant

        return self.filter(pk__in=RoleGrant.objects.in_force().filter(role=role).values("person"))


class Chains(QuerySet):
    """Pairs of people of whom one stands above the other."""

    def today(self):
        return self.filter(starts_on__lte=today(), until__gt=today())


class Gaps(QuerySet):
    """What people lack for a time."""

    def today(self):
        return self.filter(until__gt=today(), starts_on__lte=today())


class Grants(Guarded):
    """Granted roles, by whether they still hold."""

    def in_force(self):
        return self.filter(revoked_at=None)


class Tokens(Guarded):
    """Tokens by whether they still open anything."""

    def living(self):
        """Keep those that are neither expired nor revoked, of people who are here."""
        return self.filter(here("person__"), revoked_at=None, expires_at__gt=now())

    def bearing(self, key):
        """Return the living token with this key, or None. One query, the person with it."""
        return self.living().select_related("person").filter(digest=digest_of(key)).first()


class Invitations(Guarded):
    """Invitations by whether they still open the door."""

    def living(self):
        """Keep those that were neither used nor taken back nor are expired, of people who are here.

        Whoever has chosen a password by another way is invited no more: theirs to change, not a link's.
        """
        return self.filter(
            here("person__"),
            person__password__startswith=UNUSABLE_PASSWORD_PREFIX,
            accepted_at=None,
            revoked_at=None,
            expires_at__gt=now(),
        )

    def bearing(self, key):
        """Return the living invitation with this key, or None. One query, the person with it."""
        return self.living().select_related("person").filter(digest=digest_of(key)).first()


def digest_of(key):
    """Return the SHA-256 (hex) by which a key is kept. The key is 256 bits of chance: no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()
