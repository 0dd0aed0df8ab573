"""The company that runs an installation, and the roles it grants."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import (
    Calendar,
    calendar_of,
    calendar_of_settings,
    forget_calendar,
    now,
    today,
    zone,
    zone_called,
)
from competencies.core.permissions import locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import NotNow
from competencies.trail.models import record

from ..querysets import Grants, digest_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from .person import Person


class Organisation(models.Model):
    """The company that runs this installation. One row; what HR creates, it creates here.

    Of a demo company, `personas` lists whom a visitor can step in as: `[{"person": pk, "what": …}]`.
    `second_factor_for` lists who may not work without a second factor: granted roles, "manager" or
    "everyone". `time_zone` is empty while that of the settings counts; `zone_since` is when it was last
    changed, and `zone_day` which day it was then.
    """

    name = models.CharField(_("name"), max_length=200)
    demo = models.BooleanField(_("demo company"), default=False, editable=False)
    personas = models.JSONField(default=list, blank=True, editable=False)
    second_factor_for = models.JSONField(_("second factor required of"), default=list, blank=True)
    setup_digest = models.CharField(max_length=64, blank=True, editable=False)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    zone_since = models.DateTimeField(null=True, blank=True, editable=False)
    zone_day = models.DateField(null=True, blank=True, editable=False)

    EVERYONE, MANAGERS = "everyone", "manager"

    may_lead: bool  # of `marking()`, as pages ask it
    may_browse: bool
    may_govern: bool
    may_run_cycles: bool
    may_write: bool
    may_read_trail: bool
    may_order_exports: bool
    may_sit: bool

    objects = Guarded.as_manager()

    class Meta:
        verbose_name = _("organisation")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def here(cls) -> Organisation:
        """Return the organisation, making an unnamed one on first use."""
        organisation, _created = cls.objects.get_or_create(pk=1, defaults={"name": "Ladder"})
        return organisation

    @property
    def calendar(self) -> Calendar:
        """Return the days of the organisation. A zone that this machine does not know counts as none."""
        return calendar_of(self.time_zone, self.zone_since, self.zone_day)

    @classmethod
    def hold(cls) -> Organisation:
        """Let one at a time change how people stand to each other, until the transaction ends."""
        return cls.objects.select_for_update(no_key=True).get(pk=cls.here().pk)

    @classmethod
    @transaction.atomic
    def offer_setup(cls) -> str:
        """Return the key with which the first person takes themselves in; an earlier key is void.

        Refuses once anybody is here: then HR takes people in.
        """
        organisation = cls.hold()
        if get_user_model().objects.exists():
            raise NotNow(_now("Ladder is already set up. HR adds everyone else."))
        key = secrets.token_urlsafe(32)
        organisation.setup_digest = digest_of(key)
        organisation.save(update_fields=["setup_digest"])
        return key

    @classmethod
    def is_setup_key(cls, key: str) -> bool:
        """Return True if `key` is the one that was offered last, and nobody is here yet."""
        offered = cls.here().setup_digest
        fits = bool(offered) and secrets.compare_digest(offered, digest_of(key))
        return fits and not get_user_model().objects.exists()

    @classmethod
    @transaction.atomic
    def set_up(
        cls, key: str, *, name: str, email: str, password: str, company: str, roles: Sequence[str]
    ) -> Person:
        """Take in the first person, with `roles`, and name the company. The key opens this door once.

        Refuses with `NotNow` a key that is not the one offered, and once anybody is here.
        """
        organisation = cls.hold()
        if not cls.is_setup_key(key):
            raise NotNow(_now("This link has been used, or a newer one was created on the server."))
        organisation.name, organisation.setup_digest = company, ""
        organisation.save(update_fields=["name", "setup_digest"])
        person = get_user_model().welcome(by=None, email=email, name=name, password=password)
        for role in dict.fromkeys(roles):
            person.grant(role, by=None)
        return person

    @transaction.atomic
    def rename(self, name: str, *, by: Person) -> Organisation:
        """Call the company `name` from now on."""
        organisation = locked(by, "people.govern_organisation", self)
        organisation.name = name
        organisation.save(update_fields=["name"])
        record("organisation.renamed", organisation, by=by, name=name)
        return organisation

    @transaction.atomic
    def change_time_zone(self, name: str, *, by: Person) -> Organisation:
        """Let days begin and end in the time zone `name` from now on; no stored instant moves.

        No day begins twice: where it is still yesterday in the new zone, today goes on until that zone has
        come to its end. Where it is tomorrow there, tomorrow begins now. Refuses with `NotNow` a name that is
        not that of a zone, and the zone that counts already.
        """
        self.hold()
        organisation = locked(by, "people.govern_organisation", self)
        forget_calendar()  # of two changes at once the second begins where the first ended
        if zone_called(name) is None:
            raise NotNow(_now("Choose a time zone from the list."), field="zone")
        former = str(zone())
        if name == former:
            raise NotNow(_now("%(zone)s is the time zone already.") % {"zone": name}, field="zone")
        organisation.zone_since, organisation.zone_day = now(), today()
        organisation.time_zone = name
        organisation.save(update_fields=["time_zone", "zone_since", "zone_day"])
        record("organisation.time_zone_changed", organisation, by=by, former=former, zone=name)
        forget_calendar()
        return organisation

    @transaction.atomic
    def require_second_factor(self, roles: Sequence[str], *, by: Person) -> Organisation:
        """Ask a second factor of everyone who holds one of `roles`; see `second_factor_choices`."""
        organisation = locked(by, "people.govern_organisation", self)
        known = [value for value, _label in self.second_factor_choices()]
        organisation.second_factor_for = [role for role in known if role in roles]
        organisation.save(update_fields=["second_factor_for"])
        record(
            "organisation.second_factor_required", organisation, by=by, roles=organisation.second_factor_for
        )
        return organisation

    @classmethod
    def second_factor_choices(cls) -> list[tuple[str, StrOrPromise]]:
        """Return of whom a second factor can be asked: `[(value, label)]`."""
        return [(cls.EVERYONE, _("Everyone")), (cls.MANAGERS, _("Managers")), *RoleGrant.Role.choices]

    def asks_second_factor_of(self, person: Person) -> bool:
        """Return True if `person` has to have a second factor, by the roles of today."""
        asked = set(self.second_factor_for)
        if not asked or self.EVERYONE in asked:
            return bool(asked)
        return bool(asked & person.roles) or (self.MANAGERS in asked and person.manages)


def read_calendar() -> Calendar:
    """Return the days of the organisation as they are kept. One query."""
    kept = Organisation.objects.values_list("time_zone", "zone_since", "zone_day").filter(pk=1).first()
    return calendar_of(*kept) if kept else calendar_of_settings()


class RoleGrant(models.Model):
    """The fact that a person was given a role that no reporting line gives."""

    class Role(models.TextChoices):
        HR = "hr", _("HR")
        AUTHOR = "author", _("Framework author")
        AUDITOR = "auditor", _("Auditor")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = Grants.as_manager()

    class Meta:
        ordering = ["person", "role"]
        verbose_name = _("role")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(revoked_at=None), name="people_one_grant_per_role"
            )
        ]

    @transaction.atomic
    def revoke(self, *, by: Person) -> RoleGrant:
        """Take the role back at once. Refuses to leave the organisation without HR."""
        Organisation.hold()  # of two who take it from each other, one keeps it
        grant = locked(by, "people.revoke_grant", self)
        if grant.role == self.Role.HR:
            self.check_hr_remains(without=grant.person)
        grant.revoked_at = now()
        grant.save(update_fields=["revoked_at"])
        record("role.revoked", grant.person, by=by, about=grant.person, role=grant.role)
        return grant

    @classmethod
    def check_hr_remains(cls, *, without: Person) -> None:
        """Refuse with `NotNow` unless somebody other than `without` is of HR, and not about to leave."""
        staying = get_user_model().objects.filter(leaves_on=None)
        if not staying.holding(cls.Role.HR).exclude(pk=without.pk).exists():
            raise NotNow(_now("No one else who stays has the HR role. Grant it to someone first."))
