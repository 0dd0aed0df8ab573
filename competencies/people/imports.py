"""Imports of people: what was uploaded, what it would do, what it did, and its undoing.

A file holds personal data of everybody: its rows, the preview and the memory for undoing are kept no
longer than they are of use. What stays is who imported how much, when, from a file of which name.
"""

import hashlib
import json
import zlib
from contextlib import nullcontext
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.bulk import insert, insert_values, large_cache, values_of
from competencies.core.clock import now
from competencies.core.permissions import demand, locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import NotNow, Refusal
from competencies.trail.models import record

from . import mapping as columns
from . import planning
from .importing import changed_since, moves, prepare, prepare_undoing
from .models import Organisation, Person
from .prepared import Moment, quiet
from .reading import read

UNDOABLE = timedelta(hours=24)
KEPT = timedelta(days=14)  # rows of a file that nobody applied
STANDING = {"manager", "line_from", "level", "level_from", "gone_from"}
MANY_LEAVE = 0.05  # of everybody here: from there on, how many leave has to be typed


def pack(value):
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)


def unpack(packed):
    return json.loads(zlib.decompress(packed))


class Outdated(NotNow):
    """People changed since the preview, which is made anew; nothing was applied."""

    def __init__(self, plan):
        self.plan = plan
        super().__init__(
            _now("People have changed since the preview. Nothing was applied: look at it again.")
        )


class ChangedSince(Refusal):
    """What an import changed was changed again; `details["names"]` says of whom."""

    code = "changed-since"

    def __init__(self, names):
        said = ", ".join(names[:10]) + ("…" if len(names) > 10 else "")
        message = _now("Nothing was undone, because this changed since: %(names)s.") % {"names": said}
        super().__init__(message, names=names)


class Imports(Guarded):
    """Imports by what became of them."""

    def with_state(self):
        """Take along, in one query, what `state` needs."""
        rows = self.select_related("by", "sheet", "preview", "application__by", "application__undoing__by")
        return rows.defer("sheet__packed", "sheet__headings", "sheet__content", "sheet__about")

    def forget_stale(self):
        """Remove the rows of files, the previews and the memories that are of no use any more."""
        done = Q(application__at__lte=now() - UNDOABLE) | Q(application__undoing__isnull=False)
        for stale in self.filter(done | Q(application=None, at__lte=now() - KEPT)):
            stale.forget()


class Import(models.Model):
    """One file of people that HR brought in."""

    file = models.CharField(_("file"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("uploaded"), default=now, editable=False)
    rows = models.PositiveIntegerField(_("rows"))
    read_as = models.JSONField(default=dict)

    objects = Imports.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("import")

    def __str__(self):
        return self.file

    def get_absolute_url(self):
        return reverse("import_preview", args=[self.pk])

    @property
    def state(self):
        """`uploaded`, `previewed`, `applied`, `undone` or `dropped` (its rows are gone, unapplied)."""
        if application := getattr(self, "application", None):
            return "undone" if getattr(application, "undoing", None) else "applied"
        if getattr(self, "sheet", None) is None:
            return "dropped"
        return "previewed" if getattr(self, "preview", None) else "uploaded"

    @property
    def undoable_until(self):
        return self.application.at + UNDOABLE

    @classmethod
    def upload(cls, content, *, file, within, by):
        """Read a file into an import of the organisation `within`. Refuses with `BadTable` as `read` does."""
        demand(by, "people.import_people", within)
        table = read(content, file=file)  # takes seconds: others write meanwhile
        return cls._take_in(table, content, file, within, by)

    @classmethod
    @transaction.atomic
    def _take_in(cls, table, content, file, within, by):
        demand(by, "people.import_people", within)
        cls.objects.forget_stale()
        made = cls.objects.create(file=file[:200], by=by, rows=len(table.rows), read_as=table.read_as)
        Sheet.objects.create(of=made, **Sheet.of_table(table), content=zlib.compress(content, 6))
        record("import.uploaded", made, by=by, rows=made.rows)
        return made

    def reread(self, how, *, by):
        """Read the file anew as `how` says (see `reading.read`); return the import, without a preview.

        Refuses with `BadTable` where the file cannot be read so; then everything stays as it was.
        """
        demand(by, "people.map_import", self)
        if self.sheet.content is None:
            raise NotNow(_now("The file is not kept any more: upload it again."))
        table = read(zlib.decompress(self.sheet.content), file=self.file, how=how)
        return self._take_anew(table, by)

    @transaction.atomic
    def _take_anew(self, table, by):
        made = locked(by, "people.map_import", self)
        Preview.objects.filter(of=made).delete()
        Sheet.objects.filter(of=made).update(**Sheet.of_table(table))
        made.rows, made.read_as = len(table.rows), table.read_as
        made.save(update_fields=["rows", "read_as"])
        record("import.reread", made, by=by, rows=made.rows)
        return made

    def work_out(self, mapping, *, by, tell=quiet):
        """Work out what this import would do by `mapping` (see `planning.plan`) and keep it as the preview.

        Refuses with `NotNow` a mapping that cannot be used. Nothing about people changes.
        """
        demand(by, "people.map_import", self)
        self._check(mapping)
        plan = planning.plan(self.sheet.rows(), mapping, by=by, tell=tell)
        return self._keep(plan, mapping, by)

    def _keep(self, plan, mapping, by):
        said = [
            Finding(
                line=verdict.line,
                kind=verdict.kind,
                person_id=verdict.person,
                name=verdict.name,
                changes=verdict.changes,
                reasons=verdict.reasons,
                is_unread=verdict.is_unread,
            )
            for verdict in plan.verdicts
        ]
        fields = [field for field in Finding._meta.concrete_fields if field.name not in ("id", "preview")]
        return self._keep_findings(plan, mapping, fields, values_of(said, fields), by)

    @transaction.atomic
    def _keep_findings(self, plan, mapping, fields, values, by):
        made = locked(by, "people.map_import", self)
        Preview.objects.filter(of=made).delete()
        preview = Preview.objects.create(
            of=made, by=by, mapping=mapping, counts=plan.counts, digest=digest_of(plan)
        )
        of_preview = [Finding._meta.get_field("preview"), *fields]
        insert_values(Finding, of_preview, ([preview.pk, *said] for said in values))
        return preview

    def _check(self, mapping):
        places = mapping["columns"].values()
        if not all(0 <= place < len(self.sheet.headings) for place in places):
            raise NotNow(_now("The file has no such column."))
        if faults := columns.faults_of(mapping["columns"]):
            raise NotNow(" ".join(faults))

    def apply(self, *, by, skip_refused=False, confirmed=None, tell=quiet):
        """Do what the preview says, all of it or nothing; return the `Application`.

        Refuses with `NotNow` rows that are refused unless they are to be skipped, to let more than one
        in twenty leave unless `confirmed` is their number, and with nothing to do; with `Outdated` when
        people changed since the preview, which then is new.
        """
        try:
            return self._in_short(
                lambda: self._prepare_apply(by, skip_refused, confirmed, tell), self._apply, by, tell
            )
        except Outdated as refusal:
            self._keep(refusal.plan, self.preview.mapping, by)
            raise

    def _in_short(self, prepare, write, by, tell):
        """Prepare while others write, then write in one short step; return what that gives.

        When people changed in between it is prepared anew, the third time with everybody waiting.
        """
        for held in (False, False, True):
            prepared = None
            try:
                with transaction.atomic() if held else nullcontext():
                    if held:
                        Organisation.hold()
                    moment = Moment.here()
                    prepared, *known = prepare()
                    with large_cache(), transaction.atomic():
                        Organisation.hold()
                        if held or not moment.is_past():
                            return write(prepared, *known, by, tell)
            finally:
                if prepared:
                    prepared.drop()
        return None

    def _prepare_apply(self, by, skip_refused, confirmed, tell):
        made = Import.objects.get(pk=self.pk)
        demand(by, "people.apply_import", made)
        plan = planning.plan(
            made.sheet.rows(), made.preview.mapping, by=by, tell=lambda percent: tell(2 + percent // 8)
        )
        if digest_of(plan) != made.preview.digest:
            raise Outdated(plan)
        made.preview.check_ready(skip_refused=skip_refused, confirmed=confirmed)
        prepared, memory = prepare(plan, by=by, tell=tell)
        return prepared, made.preview, plan.counts, pack(memory)

    def _apply(self, prepared, preview, counts, packed, by, tell):
        made = locked(by, "people.apply_import", self)
        preview.hold_people()
        prepared.write(by=by, tell=tell)
        application = Application.objects.create(of=made, by=by, counts=counts)
        Memory.objects.create(application=application, packed=packed)
        record("import.applied", made, by=by, **counts)
        return application

    def undo(self, *, by, tell=quiet):
        """Put everything back as it was before this import; return the `Undoing`.

        Whom the import made stays on record and is gone from today. Refuses with `ChangedSince` when
        any of it was changed by somebody else meanwhile, and whose own manager, level or leaving it
        changed: that is for somebody else of HR, as it is on their page and in an import.
        """
        return self._in_short(lambda: self._prepare_undoing(by, tell), self._undo, by, tell)

    def _prepare_undoing(self, by, tell):
        made = Import.objects.get(pk=self.pk)
        demand(by, "people.undo_import", made)
        memory = made.application.memory.rows()
        if moves(memory, by):
            raise NotNow(
                _now("It changed your own manager, level or leaving: somebody else of HR takes it back.")
            )
        if names := changed_since(memory):
            raise ChangedSince(names)
        tell(20)
        prepared, taken_out = prepare_undoing(memory, by=by, tell=tell)
        return prepared, list(memory), taken_out

    def _undo(self, prepared, concerned, taken_out, by, tell):
        made = locked(by, "people.undo_import", self)
        hold_people(concerned)
        prepared.write(by=by, tell=tell)
        undoing = Undoing.objects.create(application=made.application, by=by, taken_out=len(taken_out))
        insert(
            Withdrawal, [Withdrawal(undoing=undoing, person_id=pk, day=day) for pk, day in taken_out.items()]
        )
        restored = len(concerned) - len(taken_out)
        record("import.undone", made, by=by, taken_out=len(taken_out), restored=restored)
        made.forget()
        return undoing

    @transaction.atomic
    def drop(self, *, by):
        """Remove the rows of this file unapplied. Who brought it in, and when, stays."""
        made = locked(by, "people.drop_import", self)
        made.forget()
        record("import.dropped", made, by=by)
        return made

    def moved(self, person):
        """Say whether this changed how `person` stands, who then does not undo it: for the page alone.

        It is read off the preview. What `undo` goes by, the memory, is some megabytes of a large import.
        """
        found = Finding.objects.filter(preview__of=self, person=person).values_list("changes", flat=True)
        return any(key in STANDING for changes in found for key, _before, _after in changes)

    def note_download(self, *, by):
        """Write into the trail that somebody took the refused rows as a file."""
        demand(by, "people.read_import", self)
        record("import.downloaded", self, by=by)

    def forget(self):
        """Remove what of the file and of what it changed is kept."""
        Sheet.objects.filter(of=self).delete()
        Preview.objects.filter(of=self).delete()
        Memory.objects.filter(application__of=self).delete()


class Sheets(models.QuerySet):
    def forget_files(self):
        """Keep the rows as they were read, and no longer the files themselves."""
        return self.update(content=None, about={})


class Sheet(models.Model):
    """The fact that the rows of a file are still kept; gone once they are of no use.

    With them is the file itself, to be read another way, and what of it is shown to choose by.
    """

    of = models.OneToOneField(Import, models.CASCADE, related_name="sheet")
    headings = models.JSONField()
    packed = models.BinaryField()
    content = models.BinaryField(null=True)
    about = models.JSONField(default=dict)

    objects = Sheets.as_manager()

    @staticmethod
    def of_table(table):
        """Return the fields that say what a `Table` holds."""
        return {"headings": table.headings, "packed": pack(table.rows), "about": table.about}

    def rows(self):
        """Return the rows as read: `[line, cell, …]`."""
        return unpack(self.packed)


class Preview(models.Model):
    """What an import would do, as it was last worked out."""

    of = models.OneToOneField(Import, models.CASCADE, related_name="preview")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    mapping = models.JSONField()
    counts = models.JSONField()
    digest = models.CharField(max_length=64)

    @property
    def doing(self):
        """How many rows would change something."""
        return sum(self.counts[kind] for kind in (planning.CREATE, planning.CHANGE, planning.END))

    @property
    def to_confirm(self):
        """How many would leave for not being in the file, where it is too many to go unasked; else 0."""
        absent = self.counts["absent"]
        return absent if absent > MANY_LEAVE * self.counts["here"] else 0

    def check_ready(self, *, skip_refused, confirmed):
        """Refuse with `NotNow` what has to be said before this can be applied."""
        if not self.doing:
            raise NotNow(_now("There is nothing to do: everybody is as the file says."))
        if self.counts[planning.REFUSED] and not skip_refused:
            raise NotNow(_now("Rows are refused: mend the file, or say that they are to be skipped."))
        if self.to_confirm and confirmed != self.to_confirm:
            raise NotNow(
                _now("%(number)d people would leave: type this number to confirm it.")
                % {"number": self.to_confirm}
            )

    def hold_people(self):
        """Lock whoever the preview speaks of until the transaction ends."""
        spoken_of = self.findings.exclude(person=None).values("person")
        people = Person.objects.select_for_update(no_key=True).filter(pk__in=spoken_of).order_by("pk")
        list(people.values_list("pk", flat=True))


def hold_people(pks):
    """Lock these people until the transaction ends, in one order for everybody who does."""
    pks = sorted(pks)
    for first in range(0, len(pks), 1_000):
        some = Person.objects.select_for_update(no_key=True).filter(pk__in=pks[first : first + 1_000])
        list(some.order_by("pk").values_list("pk", flat=True))


def digest_of(plan):
    """Return the SHA-256 (hex) of what a plan would do, by which a change of the world shows."""
    said = [(row.line, row.kind, row.person, row.changes) for row in plan.verdicts]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


class Finding(models.Model):
    """What a preview says of one row: what would be created, changed or ended, or why it is refused.

    `line` is 0 for somebody who would leave because the file does not name them. While one `is_unread`,
    because it may be about anybody, nobody does.
    """

    class Kind(models.TextChoices):
        REFUSED = planning.REFUSED, _("Refused")
        CREATE = planning.CREATE, _("New")
        CHANGE = planning.CHANGE, _("Changed")
        END = planning.END, _("Leaving")
        UNCHANGED = planning.UNCHANGED, _("Unchanged")

    preview = models.ForeignKey(Preview, models.CASCADE, related_name="findings")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    is_unread = models.BooleanField(default=False)

    class Meta:
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["preview", "kind", "line"], name="people_finding_by_kind")]


class Application(models.Model):
    """The fact that an import was applied. One at most, so a double click applies once."""

    of = models.OneToOneField(Import, models.CASCADE, related_name="application")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    counts = models.JSONField()


class Memory(models.Model):
    """What an application changed, from what to what, for as long as it can be undone."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="memory")
    packed = models.BinaryField()

    def rows(self):
        """Return `{person: …}` as `importing.prepare` gave it."""
        return {int(pk): row for pk, row in unpack(self.packed).items()}


class Undoing(models.Model):
    """The fact that an application was undone."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="undoing")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    taken_out = models.PositiveIntegerField(default=0)


class Withdrawal(models.Model):
    """The fact that undoing an import took out somebody it had made. Another import may bring them back."""

    undoing = models.ForeignKey(Undoing, models.CASCADE, related_name="withdrawals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()


class Run(models.Model):
    """The fact that a preview, an apply or an undo was asked for, and what became of it."""

    class Kind(models.TextChoices):
        WORK_OUT = "work_out", _("Preview")
        APPLY = "apply", _("Apply")
        UNDO = "undo", _("Undo")

    ACTIONS = {
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
        ordering = ["-pk"]

    @classmethod
    @transaction.atomic
    def ask(cls, made, kind, *, by, **options):
        """Ask for something to be done with an import, in the name of `by`; return the `Run`.

        A run that was asked for before is given up: should it still be at work, one of the two is
        refused when it comes second.
        """
        locked(by, cls.ACTIONS[kind], made)
        cls.objects.filter(of=made, ended_at=None).update(ended_at=now())
        return cls.objects.create(of=made, kind=kind, by=by, options=options)

    def perform(self, tell=quiet):
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

    def end(self, problem=""):
        """Note that this run is over, and why it did not do what it should."""
        self.ended_at, self.problem = now(), problem
        self.save(update_fields=["ended_at", "problem"])
