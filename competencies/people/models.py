"""People, who they report to, and the level they stand at: all dated, nothing overwritten."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.access.clock import now, today
from competencies.access.refusal import NotNow
from competencies.access.rules import demand, locked
from competencies.framework.models import Level, Track
from competencies.trail.models import canonical, record

from .chains import relink
from .gaps import retrace, with_reports
from .querysets import Chains, Dated, Gaps, Grants, Invitations, People, Tokens, digest_of
from .words import FIELDS, LONGEST, ByteOrdered, reindex


class Organisation(models.Model):
    """The company that runs this installation. One row; what HR creates, it creates here.

    Of a demo company, `personas` lists whom a visitor can step in as: `[{"person": pk, "what": …}]`.
    `second_factor_for` lists who may not work without a second factor: granted roles, "manager" or
    "everyone".
    """

    name = models.CharField(_("name"), max_length=200)
    demo = models.BooleanField(_("demo company"), default=False, editable=False)
    personas = models.JSONField(default=list, blank=True, editable=False)
    second_factor_for = models.JSONField(_("second factor required of"), default=list, blank=True)
    setup_digest = models.CharField(max_length=64, blank=True, editable=False)

    EVERYONE, MANAGERS = "everyone", "manager"

    class Meta:
        verbose_name = _("organisation")

    def __str__(self):
        return self.name

    @classmethod
    def here(cls):
        """Return the organisation, making an unnamed one on first use."""
        organisation, _created = cls.objects.get_or_create(pk=1, defaults={"name": "Ladder"})
        return organisation

    @classmethod
    def hold(cls):
        """Let one at a time change how people stand to each other, until the transaction ends."""
        return cls.objects.select_for_update(no_key=True).get(pk=cls.here().pk)

    @classmethod
    @transaction.atomic
    def offer_setup(cls):
        """Return the key with which the first person takes themselves in; an earlier key is void.

        Refuses once anybody is here: then HR takes people in.
        """
        organisation = cls.hold()
        if Person.objects.exists():
            raise NotNow(_now("Somebody is here already: HR takes in the others."))
        key = secrets.token_urlsafe(32)
        organisation.setup_digest = digest_of(key)
        organisation.save(update_fields=["setup_digest"])
        return key

    @classmethod
    def is_setup_key(cls, key):
        """Say whether `key` is the one that was offered last, and nobody is here yet."""
        offered = cls.here().setup_digest
        fits = bool(offered) and secrets.compare_digest(offered, digest_of(key))
        return fits and not Person.objects.exists()

    @classmethod
    @transaction.atomic
    def set_up(cls, key, *, name, email, password, company, roles):
        """Take in the first person, with `roles`, and name the company. The key opens this door once.

        Refuses with `NotNow` a key that is not the one offered, and once anybody is here.
        """
        organisation = cls.hold()
        if not cls.is_setup_key(key):
            raise NotNow(_now("This link has been used, or a newer one was made on the server."))
        organisation.name, organisation.setup_digest = company, ""
        organisation.save(update_fields=["name", "setup_digest"])
        person = Person.welcome(by=None, email=email, name=name, password=password)
        for role in dict.fromkeys(roles):
            person.grant(role, by=None)
        return person

    @transaction.atomic
    def rename(self, name, *, by):
        """Call the company `name` from now on."""
        organisation = locked(by, "people.govern_organisation", self)
        organisation.name = name
        organisation.save(update_fields=["name"])
        record("organisation.renamed", organisation, by=by, name=name)
        return organisation

    @transaction.atomic
    def require_second_factor(self, roles, *, by):
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
    def second_factor_choices(cls):
        """Return of whom a second factor can be asked: `[(value, label)]`."""
        return [(cls.EVERYONE, _("Everyone")), (cls.MANAGERS, _("Managers")), *RoleGrant.Role.choices]

    def asks_second_factor_of(self, person):
        """Say whether `person` has to have a second factor, by the roles of today."""
        asked = set(self.second_factor_for)
        if not asked or self.EVERYONE in asked:
            return bool(asked)
        return bool(asked & person.roles) or (self.MANAGERS in asked and person.manages)


FromPeople = BaseUserManager.from_queryset(People)


class PersonManager(FromPeople):
    def create_user(self, email, name, password=None, **fields):
        """Make a person who signs in by `email`; without a password nobody can sign in as them."""
        person = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class Person(AbstractBaseUser):
    """Somebody who works here or did. Signs in by email.

    `number` is the key by which the company's own lists know them, `leaves_on` the first day on which
    they are no longer here, and `returned_at` when they were taken back after it.
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

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        found_anew = update_fields is None or not set(FIELDS).isdisjoint(update_fields)
        with transaction.atomic():
            known = self._known_by() if found_anew and self.pk else {}
            super().save(*args, update_fields=update_fields, **kwargs)
            if found_anew:
                FormerName.objects.remember({self.pk: known})
                reindex([self.pk])
            if update_fields is None or "leaves_on" in update_fields:
                retrace(with_reports([self.pk]))

    def _known_by(self):
        """Return what the row says of this person where they say otherwise now: `{kind: text}`."""
        row = Person.objects.filter(pk=self.pk).values(*FormerName.Kind.values).first() or {}
        return {kind: text for kind, text in row.items() if text != getattr(self, kind)}

    def get_absolute_url(self):
        return reverse("person", args=[self.pk])

    @property
    def is_active(self):
        """Whether this person is here today: nobody else signs in, holds a right or owns a working token."""
        return self.leaves_on is None or today() < self.leaves_on

    def _get_session_auth_hash(self, secret=None):
        """Seal into each session what it stands on: the password, the email, and being here without a gap.

        A session that began before one of them changed opens nothing, whatever changed it.
        """
        stands_on = canonical([self.password, self.email, self.returned_at and self.returned_at.isoformat()])
        return salted_hmac("ladder.session", stands_on, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, action, row=None):
        """Ask every permission backend, as Django does for its own user model."""
        try:
            return any(backend.has_perm(self, action, row) for backend in get_backends())
        except PermissionDenied:
            return False

    def has_perms(self, actions, row=None):
        return all(self.has_perm(action, row) for action in actions)

    @classmethod
    @transaction.atomic
    def welcome(cls, *, by, email, name, password=None, **fields):
        """Take somebody into the organisation. Without a password nobody can sign in as them yet.

        A command on the server passes `by=None`. Refuses an email or a staff number that somebody has.
        """
        Organisation.hold()  # of two who come with one email, the second is told
        if by is not None:
            demand(by, "people.welcome_person", Organisation.here())
        if cls.objects.filter(email=email.strip().lower()).exists():
            raise NotNow(_now("Somebody signs in as %(email)s already.") % {"email": email}, field="email")
        cls(number=fields.get("number"))._check_unique(["number"])
        person = cls.objects.create_user(email.strip(), name, password=password, **fields)
        record("person.welcomed", person, by=by, about=person)
        return person

    @transaction.atomic
    def grant(self, role, *, by):
        """Give this person a role that no reporting line gives. A command on the server passes `by=None`.

        Refuses a role that they hold already.
        """
        Organisation.hold()  # a click that comes twice grants once
        if by is not None:
            demand(by, "people.grant_role", self)
        if self.grants.in_force().filter(role=role).exists():
            raise NotNow(_now("%(person)s holds that role already.") % {"person": self})
        grant = RoleGrant.objects.create(person=self, role=role, by=by)
        record("role.granted", self, by=by, about=self, role=role)
        return grant

    @transaction.atomic
    def describe(self, *, by, **fields):
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
        person._check_unique(changed)
        if changed:
            person.save(update_fields=changed)
            record("person.described", person, by=by, about=person, fields=sorted(changed))
        return person

    @transaction.atomic
    def describe_self(self, *, pronouns, by):
        """Say by which pronouns one is called oneself. Returns the person."""
        person = locked(by, "people.describe_self", self)
        if person.pronouns != pronouns:
            person.pronouns = pronouns
            person.save(update_fields=["pronouns"])
            record("person.described", person, by=by, about=person, fields=["pronouns"])
        return person

    @transaction.atomic
    def leave(self, *, on, by):
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
    def rejoin(self, *, by):
        """Take back somebody who left, or who was going to.

        Of somebody who is still here, the line and the placement go on as if nothing had been planned,
        but for a line that would by now lead back to them. Of somebody who left, both are made anew, and
        the roles, tokens and sessions of before have ended.
        """
        Organisation.hold()
        person = locked(by, "people.readmit_person", self)
        day = person.leaves_on
        if person.is_active:
            person._go_on_after(day)
        else:
            person._end_roles_and_tokens(by=by)
            person.returned_at = now()
        person.leaves_on = None
        person.save(update_fields=["leaves_on", "returned_at"])
        record("person.rejoined", person, by=by, about=person, on=day.isoformat())
        return person

    def _go_on_after(self, day):
        self.placements.filter(ends_on=day).update(ends_on=None)
        for line in self.lines.filter(ends_on=day):
            if not self.is_above(line.manager, day):
                line.ends_on = None
                line.save(update_fields=["ends_on"])

    def _end_roles_and_tokens(self, *, by):
        for grant in self.grants.in_force():
            record("role.revoked", self, by=by, about=self, role=grant.role)
        for token in self.tokens.filter(revoked_at=None):
            record("token.revoked", token, by=by, about=self)
        self.grants.in_force().update(revoked_at=now())
        self.tokens.filter(revoked_at=None).update(revoked_at=now())

    def _check_unique(self, fields):
        for name, said in (("email", _now("signs in as")), ("number", _now("has the staff number"))):
            value = getattr(self, name)
            if (
                name in fields
                and value
                and Person.objects.exclude(pk=self.pk).filter(**{name: value}).exists()
            ):
                raise NotNow(
                    _now("Somebody else %(said)s %(value)s already.") % {"said": said, "value": value},
                    field=name,
                )

    def _check_leaving(self, on):
        if self.joined_on and on < self.joined_on:
            raise NotNow(_now("They only joined on %(day)s.") % {"day": self.joined_on}, field="on")
        if self.grants.in_force().filter(role=RoleGrant.Role.HR).exists():
            RoleGrant.check_hr_remains(without=self)

    def reports(self):
        """Return the people who report to this person today."""
        return Person.objects.reporting_to(self)

    def above(self):
        """Return everyone above this person today, in no order."""
        return Person.objects.above(self)

    def beside(self):
        """Return those who report today to the same manager, this person included."""
        return Person.objects.beside(self)

    def below(self):
        """Return everyone under this person today, at any depth."""
        return Person.objects.below(self)

    def is_above(self, other, day):
        """Say whether `other` stands under this person on `day` or any day after it."""
        return Person.objects.below_from(self, day).filter(pk=other.pk).exists()

    def over(self, path):
        """Return a `Q`: true on the rows whose `path` (a person, or `pk` of one) stands below this one today.

        It is asked row by row, by an index. To start from the people instead, as for a list of all
        that is below somebody, narrow by `below()` first.
        """
        chains = Chain.objects.filter(manager=self, starts_on__lte=today(), until__gt=today())
        return Q(Exists(chains.filter(person=OuterRef(path))))

    def holding(self, role):
        """Return a `Q` that is true on every row while this person holds `role`, and on none otherwise."""
        return Q(Exists(RoleGrant.objects.in_force().filter(person=self, role=role)))

    @cached_property
    def roles(self):
        """The granted roles in force. For menus alone: rights are asked of the rules."""
        return frozenset(RoleGrant.objects.in_force().filter(person=self).values_list("role", flat=True))

    @cached_property
    def manages(self):
        """Whether anybody reports to this person today. For menus alone."""
        return self.reports().exists()

    def manager_on(self, day=None):
        """Return the manager on a day (today when None), or None at the top of the line."""
        line = self.lines.on(day or today()).select_related("manager").first()
        return line and line.manager

    def placement_on(self, day=None):
        """Return the placement that holds on a day (today when None), or None."""
        return self.placements.on(day or today()).select_related("track", "level").first()

    @transaction.atomic
    def place(self, *, track, level, starts_on, by, reason=""):
        """Put this person on a track and level from a day on, ending what held before.

        A placement that starts today or later gives way to it. Refuses with `NotNow` a day on which
        an older one starts, or before it, and a track and level of different editions.
        """
        locked(by, "people.place_person", self)
        if track.edition_id != level.edition_id:
            raise NotNow(_now("That track and that level belong to different editions of the ladder."))
        self._end(self.placements, starts_on)
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
    def report_to(self, manager, *, starts_on, by):
        """Put this person under `manager` from a day on, ending the line before it.

        A line that starts today or later gives way to it. Refuses with `NotNow` a day on which an older
        one starts, or before it, a manager who is gone by then, and a line that would lead back to the
        person, then or later.
        """
        Organisation.hold()  # two lines at once could close a circle that neither sees
        demand(by, "people.place_person", self)
        if manager == self:
            raise NotNow(_now("Nobody reports to themselves."), field="manager")
        if self.is_above(manager, starts_on):
            raise NotNow(
                _now("%(manager)s reports to %(person)s.") % {"manager": manager, "person": self},
                field="manager",
            )
        if manager.leaves_on and starts_on >= manager.leaves_on:
            raise NotNow(
                _now("%(person)s is no longer here on %(day)s.") % {"person": manager, "day": starts_on},
                field="manager",
            )
        self._end(self.lines, starts_on)
        line = ReportingLine.objects.create(person=self, manager=manager, starts_on=starts_on)
        record("person.moved", self, by=by, about=self, manager=manager.pk, on=starts_on.isoformat())
        return line

    def _end(self, rows, day):
        if begun := rows.filter(starts_on__gte=day, starts_on__lt=today()).first():
            raise NotNow(
                _now("What holds now only starts on %(day)s.") % {"day": begun.starts_on}, field="starts_on"
            )
        if self.leaves_on and day >= self.leaves_on:
            raise NotNow(
                _now("%(person)s is no longer here on %(day)s.") % {"person": self, "day": day},
                field="starts_on",
            )
        rows.filter(starts_on__gte=day).delete()
        rows.on(day).update(ends_on=day)


class Span(models.Model):
    """Something that holds from one day up to, not including, another."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        abstract = True

    @property
    def is_planned(self):
        """Whether this only begins on a day that is still to come."""
        return self.starts_on > today()

    def _before(self):
        """Return the row of the same person that this one follows without a gap, or None."""
        return type(self).objects.filter(person=self.person_id, ends_on=self.starts_on).first()


class ReportingLine(Span):
    """The fact that one person reports to another for a time."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="lines")
    manager = models.ForeignKey(Person, models.PROTECT, related_name="lines_in")

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("reporting line")
        indexes = [models.Index(fields=["manager", "starts_on", "ends_on"], name="people_line_by_manager")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("manager")), name="people_nobody_reports_to_oneself"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="people_line_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ends_on=None), name="people_one_open_line_per_person"
            ),
        ]

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            relink([self.person_id])
            retrace([self.person_id])

    @transaction.atomic
    def call_off(self, *, by):
        """Take back a line that has not begun; the one before it holds as long as this one would have.

        Refuses with `NotNow` when the line before it would by then lead back to the person.
        """
        Organisation.hold()
        line = locked(by, "people.call_off_line", self)
        person, before = line.person, line._before()
        if before and person.is_above(before.manager, line.starts_on):
            raise NotNow(
                _now("By then %(manager)s reports to %(person)s: call that off first.")
                % {"manager": before.manager, "person": person}
            )
        line.delete()
        if before:
            before.ends_on = line.ends_on
            before.save(update_fields=["ends_on"])
        else:
            relink([person.pk])
            retrace([person.pk])
        record("person.move_called_off", person, by=by, about=person, on=line.starts_on.isoformat())
        return person


class Chain(models.Model):
    """The fact that one person stands above another for a time, `depth` lines up. Derived from the lines."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="chains")
    manager = models.ForeignKey(Person, models.CASCADE, related_name="chains_in", db_index=False)
    depth = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    until = models.DateField()

    objects = Chains.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["manager", "person", "starts_on", "until"], name="people_chain_by_manager")
        ]


class Word(models.Model):
    """The fact that somebody is found by what begins with `text`. Derived from the person."""

    pk = models.CompositePrimaryKey("person", "text")
    person = models.ForeignKey(Person, models.CASCADE, related_name="words", db_index=False)
    text = ByteOrdered(max_length=LONGEST)

    class Meta:
        indexes = [models.Index(fields=["text", "person"], name="people_word_by_text")]


class FormerNames(models.QuerySet):
    def remember(self, changes):
        """Keep what people were known by: `{person: {field: value before}}`. Other fields are left out."""
        kinds = self.model.Kind.values
        rows = [
            self.model(person_id=pk, kind=kind, text=before[kind])
            for pk, before in changes.items()
            for kind in kinds
            if before.get(kind)
        ]
        self.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)

    def still_theirs(self):
        """Leave out emails and staff numbers that somebody else has now."""
        others = Person.objects.exclude(pk=OuterRef("person"))
        kinds = self.model.Kind
        return self.exclude(
            Q(kind=kinds.EMAIL) & Exists(others.filter(email=OuterRef("text")))
            | Q(kind=kinds.NUMBER) & Exists(others.filter(number=OuterRef("text")))
        )


class FormerName(models.Model):
    """The fact that somebody was known by another name, email or staff number.

    Packets that were frozen and texts that were written meanwhile hold it. It is kept to be found when they
    are erased, and goes with them; nobody is shown it.
    """

    class Kind(models.TextChoices):
        NAME = "name", _("Name")
        EMAIL = "email", _("Email")
        NUMBER = "number", _("Staff number")

    person = models.ForeignKey(Person, models.CASCADE, related_name="former_names")
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.CharField(max_length=254)

    objects = FormerNames.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "text"], name="people_former_name_once")
        ]


class Gap(models.Model):
    """The fact that somebody who is here lacks something for a time. Derived from lines and placements.

    What was over when it was written is left out.
    """

    class Kind(models.TextChoices):
        MANAGER = "manager", _("Without a manager")
        LEVEL = "level", _("Without a level")
        MANAGER_GONE = "manager-gone", _("Manager gone")

    person = models.ForeignKey(Person, models.CASCADE, related_name="gaps")
    kind = models.CharField(max_length=20, choices=Kind)
    starts_on = models.DateField()
    until = models.DateField()

    objects = Gaps.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "until", "starts_on", "person"], name="people_gap_by_kind")]


class Placement(Span):
    """The fact that a person stands on a track at a level for a time."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="placements")
    track = models.ForeignKey(Track, models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("placement")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="people_placement_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ends_on=None), name="people_one_open_placement_per_person"
            ),
        ]

    def __str__(self):
        return f"{self.level.title}, {self.track.title}"

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            retrace([self.person_id])

    @transaction.atomic
    def call_off(self, *, by):
        """Take back a placement that has not begun; the one before it holds as long as it would have."""
        placement = locked(by, "people.call_off_placement", self)
        person, before = placement.person, placement._before()
        placement.delete()
        if before:
            before.ends_on = placement.ends_on
            before.save(update_fields=["ends_on"])
        else:
            retrace([person.pk])
        record("person.placing_called_off", person, by=by, about=person, on=placement.starts_on.isoformat())
        return person


class RoleGrant(models.Model):
    """The fact that a person was given a role that no reporting line gives."""

    class Role(models.TextChoices):
        HR = "hr", _("HR")
        AUTHOR = "author", _("Framework author")
        AUDITOR = "auditor", _("Auditor")

    person = models.ForeignKey(Person, models.CASCADE, related_name="grants")
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
    def revoke(self, *, by):
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
    def check_hr_remains(cls, *, without):
        """Refuse with `NotNow` unless somebody other than `without` is of HR, and not about to leave."""
        staying = Person.objects.filter(leaves_on=None)
        if not staying.holding(cls.Role.HR).exclude(pk=without.pk).exists():
            raise NotNow(_now("Nobody else who stays is of HR: give the role to somebody first."))


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

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("invitation")

    @classmethod
    @transaction.atomic
    def issue(cls, person, *, by):
        """Invite `person`; return the invitation with its key, which nobody can read again.

        An earlier one is void from then on. Refuses somebody who has a password or has signed in by
        another way: whoever holds the link would be them. A command on the server passes `by=None`.
        """
        if by is not None:
            person = locked(by, "people.invite_person", person)
        cls.check_never_came(person)
        cls.objects.living().filter(person=person).update(revoked_at=now())
        key = secrets.token_urlsafe(32)
        invitation = cls.objects.create(
            person=person, by=by, digest=digest_of(key), expires_at=now() + cls.LIVES
        )
        record("person.invited", invitation, by=by, about=person)
        return invitation, key

    @staticmethod
    def check_never_came(person):
        """Refuse with `NotNow` whoever has a password or came in by another way."""
        if person.has_usable_password():
            raise NotNow(_now("%(person)s has a password already.") % {"person": person})
        if person.last_login is not None:
            raise NotNow(_now("%(person)s has signed in already.") % {"person": person})

    @transaction.atomic
    def accept(self, password):
        """Choose the password of the invited person and void the link; return the person.

        Refuses with `NotNow` a link that was used, taken back or is expired, and whoever came in by
        another way meanwhile. The password's strength is checked by whoever asks for it.
        """
        invitation = type(self).objects.select_for_update().living().filter(pk=self.pk).first()
        if invitation is None:
            raise NotNow(_now("This invitation has been used, or is no longer good: ask HR for a new one."))
        person = Person.objects.select_for_update(no_key=True).get(pk=invitation.person_id)
        self.check_never_came(person)
        invitation.accepted_at = now()
        invitation.save(update_fields=["accepted_at"])
        person.set_password(password)
        person.save(update_fields=["password"])
        record("invitation.accepted", invitation, by=person, about=person)
        return person

    @transaction.atomic
    def revoke(self, *, by):
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

    objects = Tokens.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("token")

    def __str__(self):
        return f"{self.hint}…"

    @classmethod
    @transaction.atomic
    def issue(cls, person, *, by, label, scope=Scope.READ, days=30):
        """Make a token for `person`; return it with its key, which nobody can read again.

        A command on the server passes `by=None`. Refuses a life of less than a day or more than
        366 days, and a person who has left.
        """
        if by is not None:
            demand(by, "people.issue_token", person)
        if not person.is_active:
            raise NotNow(_now("%(person)s has left.") % {"person": person})
        if not 1 <= days <= cls.MOST_DAYS:
            raise NotNow(_now("A token lives for 1 to %(most)d days.") % {"most": cls.MOST_DAYS})

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

    @transaction.atomic
    def revoke(self, *, by):
        """End the token at once. Refuses one that was revoked before."""
        token = locked(by, "people.revoke_token", self)
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        record("token.revoked", token, by=by, about=token.person)
        return token


from .imports import (  # noqa: E402, F401  they stand on the models above
    Application,
    Finding,
    Import,
    Memory,
    Preview,
    Run,
    Sheet,
    Undoing,
    Withdrawal,
)
