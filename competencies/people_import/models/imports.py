"""Imports of people: what was uploaded, what it would do, what it did, and its undoing.

A file holds personal data of everybody: its rows, the preview and the memory for undoing are kept no
longer than they are of use. What stays is who imported how much, when, from a file of which name.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Field, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.bulk import fields_of, insert, insert_values, large_cache, values_of
from competencies.core.clock import now
from competencies.core.permissions import demand, locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import NotNow, Refusal
from competencies.people.models import Organisation, Person
from competencies.trail.models import record

from ..apply import prepare
from ..bulk_changes import Moment, quiet
from ..column_mapping import faults_of
from ..packing import pack
from ..parser import read
from ..plan import plan
from ..undo import changed_since, moves, prepare_undoing
from .application import Application, Memory, Undoing, Withdrawal
from .preview import Finding, Preview, digest_of, hold_people
from .sheet import Sheet

if TYPE_CHECKING:
    from ..bulk_changes import Prepared, Tell
    from ..parser import Table
    from ..plan import Plan


Done = TypeVar("Done")

UNDOABLE = timedelta(hours=24)
KEPT = timedelta(days=14)  # rows of a file that nobody applied
STANDING = {"manager", "line_from", "level", "level_from", "gone_from"}


class Outdated(NotNow):
    """People changed since the preview, which is made anew; nothing was applied."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(
            _now("People have changed since the preview, so nothing was applied. Check the new preview.")
        )


class ChangedSince(Refusal):
    """What an import changed was changed again; `details["names"]` says of whom."""

    code = "changed-since"

    def __init__(self, names: Sequence[str]) -> None:
        listed = ", ".join(names[:10]) + ("…" if len(names) > 10 else "")
        message = _now("Nothing was undone, because of later changes involving %(names)s.") % {
            "names": listed
        }
        super().__init__(message, names=names)


class Imports(Guarded["Import"]):
    """Imports by what became of them."""

    def with_state(self) -> Self:
        """Take along, in one query, what `state` needs."""
        rows = self.select_related("by", "sheet", "preview", "application__by", "application__undoing__by")
        return rows.defer("sheet__packed", "sheet__headings", "sheet__content", "sheet__about")

    def forget_stale(self) -> None:
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
        db_table = "people_import"
        ordering = ["-at", "-pk"]
        verbose_name = _("import")

    def __str__(self) -> str:
        return self.file

    def get_absolute_url(self) -> str:
        return address_of("import_preview", self.pk)

    @property
    def state(self) -> str:
        """`uploaded`, `previewed`, `applied`, `undone` or `dropped` (its rows are gone, unapplied)."""
        if application := getattr(self, "application", None):
            return "undone" if getattr(application, "undoing", None) else "applied"
        if getattr(self, "sheet", None) is None:
            return "dropped"
        return "previewed" if getattr(self, "preview", None) else "uploaded"

    @property
    def undoable_until(self) -> datetime:
        return self.application.at + UNDOABLE

    @classmethod
    def upload(cls, content: bytes, *, file: str, within: Organisation, by: Person) -> Import:
        """Read a file into an import of the organisation `within`. Refuses with `BadTable` as `read` does."""
        demand(by, "people.import_people", within)
        table = read(content, file=file)  # takes seconds: others write meanwhile
        return cls._take_in(table, content, file, within, by)

    @classmethod
    @transaction.atomic
    def _take_in(cls, table: Table, content: bytes, file: str, within: Organisation, by: Person) -> Import:
        demand(by, "people.import_people", within)
        cls.objects.forget_stale()
        people_import = cls.objects.create(
            file=file[:200], by=by, rows=len(table.rows), read_as=table.read_as
        )
        Sheet.objects.create(of=people_import, **Sheet.of_table(table), content=zlib.compress(content, 6))
        record("import.uploaded", people_import, by=by, rows=people_import.rows)
        return people_import

    def reread(self, how: Mapping[str, Any], *, by: Person) -> Import:
        """Read the file anew as `how` says (see `parser.read`); return the import, without a preview.

        Refuses with `BadTable` where the file cannot be read so; then everything stays as it was.
        """
        demand(by, "people.map_import", self)
        if self.sheet.content is None:
            raise NotNow(_now("The file is no longer stored. Upload it again."))
        table = read(zlib.decompress(self.sheet.content), file=self.file, how=how)
        return self._take_anew(table, by)

    @transaction.atomic
    def _take_anew(self, table: Table, by: Person) -> Import:
        people_import = locked(by, "people.map_import", self)
        Preview.objects.filter(of=people_import).delete()
        Sheet.objects.filter(of=people_import).update(**Sheet.of_table(table))
        people_import.rows, people_import.read_as = len(table.rows), table.read_as
        people_import.save(update_fields=["rows", "read_as"])
        record("import.reread", people_import, by=by, rows=people_import.rows)
        return people_import

    def work_out(
        self,
        mapping: Mapping[str, Any],
        *,
        by: Person,
        tell: Tell = quiet,
    ) -> Preview:
        """Work out what this import would do by `mapping` (see `plan.plan`) and keep it as the preview.

        Refuses with `NotNow` a mapping that cannot be used. Nothing about people changes.
        """
        demand(by, "people.map_import", self)
        self._check(mapping)
        planned = plan(self.sheet.rows(), mapping, by=by, taken_out=Withdrawal.days(), tell=tell)
        return self._keep(planned, mapping, by)

    def _keep(self, plan: Plan, mapping: Mapping[str, Any], by: Person) -> Preview:
        findings = [
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
        return self._keep_findings(plan, mapping, fields, values_of(findings, fields), by)

    @transaction.atomic
    def _keep_findings(
        self,
        plan: Plan,
        mapping: Mapping[str, Any],
        fields: Sequence[Field[Any, Any]],
        values: Sequence[Sequence[Any]],
        by: Person,
    ) -> Preview:
        people_import = locked(by, "people.map_import", self)
        Preview.objects.filter(of=people_import).delete()
        preview = Preview.objects.create(
            of=people_import, by=by, mapping=mapping, counts=plan.counts, digest=digest_of(plan)
        )
        of_preview = [*fields_of(Finding, "preview"), *fields]
        insert_values(Finding, of_preview, ([preview.pk, *row] for row in values))
        return preview

    def _check(self, mapping: Mapping[str, Any]) -> None:
        places = mapping["columns"].values()
        if not all(0 <= place < len(self.sheet.headings) for place in places):
            raise NotNow(_now("The file doesn’t have that column."))
        if faults := faults_of(mapping["columns"]):
            raise NotNow(" ".join(faults))

    def apply(
        self,
        *,
        by: Person,
        skip_refused: bool = False,
        confirmed: int | None = None,
        tell: Tell = quiet,
    ) -> Application:
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

    def _in_short(
        self,
        prepare: Callable[[], tuple[Any, ...]],
        write: Callable[..., Done],
        by: Person,
        tell: Tell,
    ) -> Done:
        """Prepare while others write, then write in one short step; return what that gives.

        When people changed in between it is prepared anew, the third time with everybody waiting.
        """
        for held in (False, False, True):
            prepared: Prepared | None = None
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
        raise AssertionError("held, nobody else can have changed people")

    def _prepare_apply(
        self, by: Person, skip_refused: bool, confirmed: int | None, tell: Tell
    ) -> tuple[Prepared, Preview, dict[str, int], bytes]:
        people_import = Import.objects.get(pk=self.pk)
        demand(by, "people.apply_import", people_import)
        planned = plan(
            people_import.sheet.rows(),
            people_import.preview.mapping,
            by=by,
            taken_out=Withdrawal.days(),
            tell=lambda percent: tell(2 + percent // 8),
        )
        if digest_of(planned) != people_import.preview.digest:
            raise Outdated(planned)
        people_import.preview.check_ready(skip_refused=skip_refused, confirmed=confirmed)
        prepared, memory = prepare(planned, by=by, tell=tell)
        return prepared, people_import.preview, planned.counts, pack(memory)

    def _apply(
        self,
        prepared: Prepared,
        preview: Preview,
        counts: dict[str, Any],
        packed: bytes,
        by: Person,
        tell: Tell,
    ) -> Application:
        people_import = locked(by, "people.apply_import", self)
        preview.hold_people()
        prepared.write(by=by, tell=tell)
        application = Application.objects.create(of=people_import, by=by, counts=counts)
        Memory.objects.create(application=application, packed=packed)
        record("import.applied", people_import, by=by, **counts)
        return application

    def undo(self, *, by: Person, tell: Tell = quiet) -> Undoing:
        """Put everything back as it was before this import; return the `Undoing`.

        Whom the import made stays on record and is gone from today. Refuses with `ChangedSince` when
        any of it was changed by somebody else meanwhile, and whose own manager, level or leaving it
        changed: that is for somebody else of HR, as it is on their page and in an import.
        """
        return self._in_short(lambda: self._prepare_undoing(by, tell), self._undo, by, tell)

    def _prepare_undoing(self, by: Person, tell: Tell) -> tuple[Prepared, list[int], dict[int, date]]:
        people_import = Import.objects.get(pk=self.pk)
        demand(by, "people.undo_import", people_import)
        memory = people_import.application.memory.rows()
        if moves(memory, by):
            raise NotNow(
                _now(
                    "This import changed your own manager, level or last day, so only another HR "
                    "administrator can undo it."
                )
            )
        if names := changed_since(memory):
            raise ChangedSince(names)
        tell(20)
        prepared, taken_out = prepare_undoing(memory, by=by, tell=tell)
        return prepared, list(memory), taken_out

    def _undo(
        self,
        prepared: Prepared,
        concerned: Sequence[int],
        taken_out: Mapping[int, date],
        by: Person,
        tell: Tell,
    ) -> Undoing:
        people_import = locked(by, "people.undo_import", self)
        hold_people(concerned)
        prepared.write(by=by, tell=tell)
        undoing = Undoing.objects.create(
            application=people_import.application, by=by, taken_out=len(taken_out)
        )
        insert(
            Withdrawal, [Withdrawal(undoing=undoing, person_id=pk, day=day) for pk, day in taken_out.items()]
        )
        restored = len(concerned) - len(taken_out)
        record("import.undone", people_import, by=by, taken_out=len(taken_out), restored=restored)
        people_import.forget()
        return undoing

    @transaction.atomic
    def drop(self, *, by: Person) -> Import:
        """Remove the rows of this file unapplied. Who brought it in, and when, stays."""
        people_import = locked(by, "people.drop_import", self)
        people_import.forget()
        record("import.dropped", people_import, by=by)
        return people_import

    def moved(self, person: Person) -> bool:
        """Return True if this changed how `person` stands, who then does not undo it: for the page alone.

        It is read off the preview. What `undo` goes by, the memory, is some megabytes of a large import.
        """
        found = Finding.objects.filter(preview__of=self, person=person).values_list("changes", flat=True)
        return any(key in STANDING for changes in found for key, _before, _after in changes)

    def note_download(self, *, by: Person) -> None:
        """Write into the trail that somebody took the refused rows as a file."""
        demand(by, "people.read_import", self)
        record("import.downloaded", self, by=by)

    def forget(self) -> None:
        """Remove what of the file and of what it changed is kept."""
        Sheet.objects.filter(of=self).delete()
        Preview.objects.filter(of=self).delete()
        Memory.objects.filter(application__of=self).delete()
