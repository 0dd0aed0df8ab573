"""People: who is here, and every change of how they stand, each with its day and its line on the trail."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, Model, OuterRef, Q
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import Calendar, calendar_of, now, today, zone_called
from competencies.core.permissions import demand, locked
from competencies.core.prepared import prepared
from competencies.core.refusals import NotNow, Refusal, refuse
from competencies.trail.models import canonical, record

from .former_names import FormerName
from .missing_assignments import retrace
from .organisation import Organisation, RoleGrant
from .person_queryset import People
from .reporting import Placement, ReportingLine, with_reports
from .reporting_closure import ManagerPath, relink
from .search_index import FIELDS, reindex

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competencies.framework.models import Level, Track

    from ..querysets import Dated


FromPeople = BaseUserManager.from_queryset(People)


class PersonManager(FromPeople["Person"]):
    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> Person:
        """Make a person who signs in by `email`; without a password nobody can sign in as them."""
        person: Person = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str | None) -> Person:
        person: Person = self.get(email=(email or "").strip().lower())
        return person


class Person(AbstractBaseUser):
    """Somebody who works here or did. Signs in by email.

    `number` is the key by which the company's own lists know them, `leaves_on` the first day on which
    they are no longer here, and `returned_at` when they were taken back after it. `time_zone` is the one they
    chose to read times in, `browser_time_zone` the one of the browser they last used.
    """

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    title = models.CharField(_("job title"), max_length=200, blank=True)
    team = models.CharField(_("team"), max_length=120, blank=True)
    number = models.CharField(_("staff number"), max_length=40, null=True, blank=True, unique=True)
    joined_on = models.DateField(_("joined"), null=True, blank=True)
    leaves_on = models.DateField(_("gone from"), null=True, blank=True)
    returned_at = models.DateTimeField(_("came back"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    browser_time_zone = models.CharField(max_length=64, blank=True, editable=False)
    zone_here: str | None  # of `with_calendar()`
    zone_since_here: datetime | None
    zone_day_here: date | None
    reads_plans: bool  # of `marking()`, as a profile asks it
    may_read: bool  # and as the command palette does
    may_log: bool
    may_nominate: bool

    objects = PersonManager()

    DESCRIBED = ("name", "email", "number", "title", "team", "pronouns", "joined_on")
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["name", "id", "leaves_on"], name="people_by_name"),
            models.Index(
                fields=["leaves_on"], name="people_by_leaving", condition=Q(leaves_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        found_anew = update_fields is None or not set(FIELDS).isdisjoint(update_fields)
        with transaction.atomic():
            known = self._known_by() if found_anew and self.pk else {}
            super().save(*args, update_fields=update_fields, **kwargs)
            if found_anew:
                FormerName.objects.remember({self.pk: known})
                reindex([self.pk])
            if update_fields is None or "leaves_on" in update_fields:
                retrace(with_reports([self.pk]))

    def _known_by(self) -> dict[str, str | None]:
        """Return what the row says of this person where they say otherwise now: `{kind: text}`."""
        row = Person.objects.filter(pk=self.pk).values(*FormerName.Kind.values).first() or {}
        return {kind: text for kind, text in row.items() if text != getattr(self, kind)}

    def get_absolute_url(self) -> str:
        return address_of("person", self.pk)

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a column of Django's, a day here
        """Return True if this person is here today: nobody else signs in, has a right or a working token."""
        return self.leaves_on is None or today() < self.leaves_on

    @property
    def zone(self) -> ZoneInfo | None:
        """Return the time zone that this person chose, else that of their browser, or None."""
        return zone_called(self.time_zone or self.browser_time_zone)

    @property
    def calendar_here(self) -> Calendar:
        """Return the organisation's calendar, as it was read `with_calendar()`."""
        return calendar_of(self.zone_here, self.zone_since_here, self.zone_day_here)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Seal into each session what it stands on: the password, the email, and being here without a gap.

        A session that began before one of them changed opens nothing, whatever changed it.
        """
        stands_on = canonical([self.password, self.email, self.returned_at and self.returned_at.isoformat()])
        return salted_hmac("ladder.session", stands_on, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, action: str, row: Model | None = None) -> bool:
        """Ask every permission backend, as Django does for its own user model."""
        try:
            return any(backend.has_perm(self, action, row) for backend in get_backends())
        except PermissionDenied:
            return False

    def has_perms(self, actions: Iterable[str], row: Model | None = None) -> bool:
        return all(self.has_perm(action, row) for action in actions)

    @classmethod
    @transaction.atomic
    def welcome(
        cls, *, by: Person | None, email: str, name: str, password: str | None = None, **fields: Any
    ) -> Person:
        """Take somebody into the organisation. Without a password nobody can sign in as them yet.

        A command on the server passes `by=None`. Refuses an email or a staff number that somebody has.
        """
        Organisation.hold()  # of two who come with one email, the second is told
        if by is not None:
            demand(by, "people.welcome_person", Organisation.here())
        refuse(cls(email=email.strip().lower(), number=fields.get("number")).taken(["email", "number"]))
        person = cls.objects.create_user(email.strip(), name, password=password, **fields)
        record("person.welcomed", person, by=by, about=person)
        return person

    @transaction.atomic
    def grant(self, role: str, *, by: Person | None) -> RoleGrant:
        """Give this person a role that no reporting line gives. A command on the server passes `by=None`.

        Refuses a role that they hold already.
        """
        Organisation.hold()  # a click that comes twice grants once
        if by is not None:
            demand(by, "people.grant_role", self)
        if self.grants.in_force().filter(role=role).exists():
            raise NotNow(_now("%(person)s already has that role.") % {"person": self})
        grant = RoleGrant.objects.create(person=self, role=role, by=by)
        record("role.granted", self, by=by, about=self, role=role)
        return grant

    @transaction.atomic
    def describe(self, *, by: Person, **fields: Any) -> Person:
        """Change what is said of this person: any of `DESCRIBED`. Returns the person.

        Refuses an email or a staff number that somebody else has.
        """
        Organisation.hold()
        person = locked(by, "people.describe_person", self)
        if unknown := set(fields) - set(self.DESCRIBED):
            raise TypeError(f"not described here: {sorted(unknown)}")
        if "email" in fields:
            fields["email"] = fields["email"].strip().lower()
        if "number" in fields:
            fields["number"] = fields["number"] or None  # two people without a number do not share one
        changed = [name for name, value in fields.items() if getattr(person, name) != value]
        for name in changed:
            setattr(person, name, fields[name])
        refuse(person.taken(changed))
        if changed:
            person.save(update_fields=changed)
            record("person.described", person, by=by, about=person, fields=sorted(changed))
        return person

    @transaction.atomic
    def describe_self(self, *, pronouns: str, by: Person) -> Person:
        """Set by which pronouns one is called oneself. Returns the person."""
        person = locked(by, "people.describe_self", self)
        if person.pronouns != pronouns:
            person.pronouns = pronouns
            person.save(update_fields=["pronouns"])
            record("person.described", person, by=by, about=person, fields=["pronouns"])
        return person

    @transaction.atomic
    def choose_time_zone(self, name: str, *, by: Person) -> Person:
        """Read times in the zone `name` from now on, or in that of the browser where it is empty.

        Refuses with `NotNow` a name that is not that of a zone.
        """
        person = locked(by, "people.describe_self", self)
        if name and zone_called(name) is None:
            raise NotNow(_now("Choose a time zone from the list."), field="zone")
        if person.time_zone != name:
            person.time_zone = name
            person.save(update_fields=["time_zone"])
            record("person.time_zone_chosen", person, by=by, about=person)
        return person

    def note_browser_zone(self, name: str) -> None:
        """Keep the time zone of the browser that this person uses, for mails to them; not on the trail."""
        if name != self.browser_time_zone and zone_called(name) is not None:
            self.browser_time_zone = name
            self.save(update_fields=["browser_time_zone"])

    @transaction.atomic
    def leave(self, *, on: date, by: Person) -> Person:
        """Note that this person is no longer here from the day `on`; what was planned from then on falls.

        From that day nothing is theirs to do, and their tokens and sessions open nothing. Their record
        stays. Refuses while they would be the last of HR, and a day before they joined.
        """
        Organisation.hold()  # of two who are the last of HR, one stays
        person = locked(by, "people.release_person", self)
        person._check_leaving(on)
        for rows in (person.lines, person.placements):
            rows.filter(starts_on__gte=on).delete()
            rows.on(on).update(ends_on=on)
        person.leaves_on = on
        person.save(update_fields=["leaves_on"])
        relink([person.pk])
        record("person.left", person, by=by, about=person, on=on.isoformat())
        return person

    @transaction.atomic
    def rejoin(self, *, by: Person) -> Person:
        """Take back somebody who left, or who was going to.

        Of somebody who is still here, the line and the placement go on as if nothing had been planned,
        but for a line that would by now lead back to them. Of somebody who left, both are made anew, and
        the roles, tokens and sessions of before have ended.
        """
        Organisation.hold()
        person = locked(by, "people.readmit_person", self)
        day = person.leaves_on or today()  # the rule holds those who leave or left
        if person.is_active:
            person._go_on_after(day)
        else:
            person._end_roles_and_tokens(by=by)
            person.returned_at = now()
        person.leaves_on = None
        person.save(update_fields=["leaves_on", "returned_at"])
        record("person.rejoined", person, by=by, about=person, on=day.isoformat())
        return person

    def _go_on_after(self, day: date) -> None:
        self.placements.filter(ends_on=day).update(ends_on=None)
        for line in self.lines.filter(ends_on=day):
            if not self.is_above(line.manager, day):
                line.ends_on = None
                line.save(update_fields=["ends_on"])

    def _end_roles_and_tokens(self, *, by: Person) -> None:
        for grant in self.grants.in_force():
            record("role.revoked", self, by=by, about=self, role=grant.role)
        for token in self.tokens.filter(revoked_at=None):
            record("token.revoked", token, by=by, about=self)
        self.grants.in_force().update(revoked_at=now())
        self.tokens.filter(revoked_at=None).update(revoked_at=now())

    def taken(self, fields: Collection[str]) -> list[Refusal]:
        """Return a refusal for each of `fields`, email or number, whose value somebody else has."""
        others = Person.objects.exclude(pk=self.pk)
        found: list[Refusal] = []
        for name, words in (
            ("email", _now("Someone else already signs in as %(value)s.")),
            ("number", _now("Someone else already has the staff number %(value)s.")),
        ):
            value = getattr(self, name)
            if name in fields and value and others.filter(**{name: value}).exists():
                found.append(NotNow(words % {"value": value}, field=name))
        return found

    def _check_leaving(self, on: date) -> None:
        if self.joined_on and on < self.joined_on:
            raise NotNow(
                _now("They joined on %(day)s. Choose that date or a later one.") % {"day": self.joined_on},
                field="on",
            )
        if self.grants.in_force().filter(role=RoleGrant.Role.HR).exists():
            RoleGrant.check_hr_remains(without=self)

    def reports(self) -> People:
        """Return the people who report to this person today."""
        return Person.objects.reporting_to(self)

    def above(self) -> People:
        """Return everyone above this person today, in no order."""
        return Person.objects.above(self)

    def beside(self) -> People:
        """Return those who report today to the same manager, this person included."""
        return Person.objects.beside(self)

    def below(self) -> People:
        """Return everyone under this person today, at any depth."""
        return Person.objects.below(self)

    def is_above(self, other: Person, day: date) -> bool:
        """Return True if `other` stands under this person on `day` or any day after it."""
        return Person.objects.below_from(self, day).filter(pk=other.pk).exists()

    def over(self, path: str) -> Q:
        """Return a `Q`: true on the rows whose `path` (a person, or `pk` of one) stands below this one today.

        It is asked row by row, by an index. To start from the people instead, as for a list of all
        that is below somebody, narrow by `below()` first.
        """
        chains = ManagerPath.objects.today().filter(manager=self)
        return Q(Exists(chains.filter(person=OuterRef(path))))

    def holding(self, role: str) -> Q:
        """Return a `Q` that is true on every row while this person holds `role`, and on none otherwise."""
        return Q(Exists(RoleGrant.objects.in_force().filter(person=self, role=role)))

    @cached_property
    def roles(self) -> frozenset[str]:
        """Return the granted roles in force. For menus alone: rights are asked of the rules."""
        return frozenset(_roles_of(self))

    @cached_property
    def manages(self) -> bool:
        """Return True if anybody reports to this person today. For menus alone."""
        return bool(_one_report_of(self))

    def manager_on(self, day: date | None = None) -> Person | None:
        """Return the manager on a day (today when None), or None at the top of the line."""
        if day is None:
            managers = _manager_of(self)
            return managers[0].manager if managers else None
        line = self.lines.on(day).select_related("manager").first()
        return line.manager if line else None

    def placement_on(self, day: date | None = None) -> Placement | None:
        """Return the placement that holds on a day (today when None), or None."""
        if day is None:
            placements = _placement_of(self)
            return placements[0] if placements else None
        return self.placements.on(day).select_related("track", "level__edition__framework").first()

    @transaction.atomic
    def place(
        self, *, track: Track, level: Level, starts_on: date, by: Person, reason: str = ""
    ) -> Placement:
        """Put this person on a track and level from a day on, ending what held before.

        A placement that starts today or later gives way to it. Refuses with `NotNow` a day on which
        an older one starts, or before it, and a track and level of different editions.
        """
        locked(by, "people.place_person", self)
        if track.edition_id != level.edition_id:
            raise NotNow(
                _now("That track and that level belong to different editions. Choose both from the same one.")
            )
        refuse(self._faults_of_day(self.placements.all(), starts_on))
        self._end(self.placements.all(), starts_on)
        placement = Placement.objects.create(
            person=self, track=track, level=level, starts_on=starts_on, reason=reason, by=by
        )
        record(
            "person.placed",
            self,
            by=by,
            about=self,
            level=level.key,
            track=track.key,
            on=starts_on.isoformat(),
        )
        return placement

    @transaction.atomic
    def report_to(self, manager: Person, *, starts_on: date, by: Person) -> ReportingLine:
        """Put this person under `manager` from a day on, ending the line before it.

        A line that starts today or later gives way to it. Refuses with `NotNow` a day on which an older
        one starts, or before it, a manager who is gone by then, and a line that would lead back to the
        person, then or later.
        """
        Organisation.hold()  # two lines at once could close a circle that neither sees
        demand(by, "people.place_person", self)
        refuse(
            [*self._faults_of_manager(manager, starts_on), *self._faults_of_day(self.lines.all(), starts_on)]
        )
        self._end(self.lines.all(), starts_on)
        line = ReportingLine.objects.create(person=self, manager=manager, starts_on=starts_on)
        record("person.moved", self, by=by, about=self, manager=manager.pk, on=starts_on.isoformat())
        return line

    def _faults_of_manager(self, manager: Person, day: date) -> list[Refusal]:
        if manager == self:
            words = _now("People can’t report to themselves. Choose someone else.")
        elif self.is_above(manager, day):
            words = _now("%(manager)s is below %(person)s in the reporting line. Choose someone else.") % {
                "manager": manager,
                "person": self,
            }
        elif manager.leaves_on and day >= manager.leaves_on:
            words = _now("%(person)s no longer works here on %(day)s.") % {"person": manager, "day": day}
        else:
            return []
        return [NotNow(words, field="manager")]

    def _faults_of_day(self, rows: Dated[ReportingLine] | Dated[Placement], day: date) -> list[Refusal]:
        if begun := rows.filter(starts_on__gte=day, starts_on__lt=today()).first():
            words = _now("The current entry starts on %(day)s. Choose a later date.") % {
                "day": begun.starts_on
            }
        elif self.leaves_on and day >= self.leaves_on:
            words = _now("%(person)s no longer works here on %(day)s.") % {"person": self, "day": day}
        else:
            return []
        return [NotNow(words, field="starts_on")]

    def _end(self, rows: Dated[ReportingLine] | Dated[Placement], day: date) -> None:
        rows.filter(starts_on__gte=day).delete()
        rows.on(day).update(ends_on=day)


@prepared
def _roles_of(person: Person) -> QuerySet[RoleGrant, str]:
    return RoleGrant.objects.in_force().filter(person=person).values_list("role", flat=True)


@prepared
def _one_report_of(person: Person) -> QuerySet[Person]:
    return person.reports().order_by()[:1]


@prepared
def _manager_of(person: Person) -> QuerySet[ReportingLine]:
    return ReportingLine.objects.current().filter(person=person).select_related("manager")[:1]


@prepared
def _placement_of(person: Person) -> QuerySet[Placement]:
    held = Placement.objects.current().filter(person=person)
    return held.select_related("track", "level__edition__framework")[:1]
