"""What is to be written about many people, worked out before anybody has to wait for it.

While it is written nobody else can write on SQLite, nor change how people stand on PostgreSQL. So rows and
entries of the trail are made ready before, as the database keeps them, and written in one short step: all of
it, or nothing when the process is killed meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection
from django.db.models import Model, Q

from competencies.core.bulk import Staged, fields_of, update_values, values_of
from competencies.core.clock import now, today
from competencies.people.models import FormerName, Person, Placement, ReportingLine, Word
from competencies.people.models.missing_assignments import retrace, retrace_everyone
from competencies.people.models.reporting import with_reports
from competencies.people.models.reporting_closure import relink, relink_everyone
from competencies.people.models.search_index import rows_for
from competencies.trail.models import Entry, Head

if TYPE_CHECKING:
    from competencies.trail.batches import Batch

Tell = Callable[[int], object]  # hears how far something is, in percent
Id = TypeVar("Id", int, str)

AT_ONCE = 1_000
MANY = 2_000  # people moved, from which on what is derived is written anew for everybody
FIELDS = ("number", "email", "name", "title", "team", "pronouns", "joined_on", "leaves_on")
OWN_FIELDS = fields_of(Person, *FIELDS)
Remembered = dict[int, dict[str, Any]]  # of a person: new or not, before and after, as plain JSON
Values = list[Any]  # a row in the order of its fields
SPANS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "lines": (ReportingLine, ("pk", "person_id", "manager_id", "starts_on", "ends_on")),
    "placements": (
        Placement,
        ("pk", "person_id", "track_id", "level_id", "starts_on", "ends_on", "reason", "by_id"),
    ),
}
CONCERNING = (
    "person.",
    "role.",
    "edition.",
    "framework.",
    "organisation.",
    "import.applied",
    "import.undone",
)


def quiet(percent: int) -> None:
    """Tell nobody how far it is."""


def some(pks: Iterable[Id]) -> list[list[Id]]:
    """Return `pks` in order, as lists of a thousand at most."""
    ids = sorted(pks)
    return [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]


def rows_of(name: str, people: Iterable[int]) -> dict[int, list[Values]]:
    """Return the whole rows of some people as plain JSON, in order: `{person: [[pk, …], …]}`."""
    model, fields = SPANS[name]
    found = defaultdict(list)
    for pks in some(key for key in people if key > 0):
        for row in model.objects.filter(person__in=pks).order_by("starts_on", "pk").values_list(*fields):
            found[row[1]].append([plain_value(value) for value in row])
    return found


def plain_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True)
class Moment:
    """An instant, to ask later whether people still stand as they stood then."""

    day: date
    sequence: int

    @classmethod
    def here(cls) -> Moment:
        return cls(today(), Head.here().sequence)

    def is_past(self) -> bool:
        """Return whether something was done since that an import goes by, or the day is over."""
        since = Entry.objects.filter(sequence__gt=self.sequence)
        concerning = reduce(or_, (Q(action__startswith=begins) for begins in CONCERNING))
        return self.day != today() or since.filter(concerning).exists()


@dataclass
class Prepared:
    """Rows of people, ready to be written by `write`; ids of those that are new are reserved already."""

    trail: Batch
    newcomers: list[Values] = field(default_factory=list)
    described: list[Values] = field(default_factory=list)
    leaving: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    known_by: list[Values] = field(default_factory=list)
    found_anew: list[int] = field(default_factory=list)
    words: list[Values] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    turned: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    placed: set[int] = field(default_factory=set)
    gone: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in SPANS})
    ended: dict[str, dict[date | None, list[int]]] = field(
        default_factory=lambda: {name: defaultdict(list) for name in SPANS}
    )
    new: dict[str, list[Values]] = field(default_factory=lambda: {name: [] for name in SPANS})
    staged: dict[str, Staged] = field(default_factory=dict)

    def welcome(self, people: Sequence[Person]) -> None:
        """Make ready the rows of people who are new."""
        self.newcomers += values_of(people, Person._meta.concrete_fields)

    def describe(self, pk: int, values: Mapping[str, Any]) -> None:
        """Make ready what somebody's own row says from now on: `{field: value}` of all `FIELDS`."""
        prepared = (field.get_db_prep_save(values[field.name], connection) for field in OWN_FIELDS)
        self.described.append([pk, *prepared])

    def keep_former(self, changes: Mapping[int, Mapping[str, str | None]]) -> None:
        """Make ready what people were known by: `{person: {field: value before}}`."""
        self.known_by += [
            [pk, kind, text]
            for pk, before in changes.items()
            for kind in FormerName.Kind.values
            if (text := before.get(kind))
        ]

    def find_by(self, pk: int, values: Mapping[str, Any], *, is_new: bool = False) -> None:
        """Make ready the words by which somebody is found."""
        if not is_new:
            self.found_anew.append(pk)
        found = rows_for(values["name"], values["team"], values["email"], values["number"])
        self.words += [[pk, word] for word in sorted(found)]

    def add_spans(self, name: str, rows: Iterable[Model]) -> None:
        """Make ready lines or placements, given as instances with their ids."""
        model, _fields = SPANS[name]
        self.new[name] += values_of(rows, model._meta.concrete_fields)

    def stage(self) -> None:
        """Lay what is new beside the database; call it when all is made ready."""
        self.staged["newcomers"] = Staged(Person, Person._meta.concrete_fields, self.newcomers)
        kept = fields_of(FormerName, "person", "kind", "text")
        self.staged["known_by"] = Staged(FormerName, kept, self.known_by)
        self.staged["words"] = Staged(Word, fields_of(Word, "person", "text"), self.words)
        for name, (model, _fields) in SPANS.items():
            self.staged[name] = Staged(model, model._meta.concrete_fields, self.new[name])
        self.newcomers, self.known_by, self.words = [], [], []
        self.new = {name: [] for name in SPANS}
        self.trail.stage()

    def drop(self) -> None:
        """Let go of what was laid beside the database."""
        for staged in self.staged.values():
            staged.drop()
        self.trail.drop()

    def write(self, *, by: Person, tell: Tell = quiet) -> None:
        """Write all of it, in the caller's transaction."""
        self._write_people(by)
        tell(60)
        for name, (model, _fields) in SPANS.items():
            for pks in some(self.gone[name]):
                model.objects.filter(pk__in=pks).delete()
            for day, ended in self.ended[name].items():
                for pks in some(ended):
                    model.objects.filter(pk__in=pks).update(ends_on=day)
            self.staged[name].add()
        tell(70)
        self._derive()
        tell(80)
        self.trail.join()
        tell(98)

    def _write_people(self, by: Person) -> None:
        self.staged["newcomers"].add()
        update_values(Person, OWN_FIELDS, self.described)
        for day, leaving in self.leaving.items():
            for pks in some(leaving):
                Person.objects.filter(pk__in=pks).update(leaves_on=day)
        self.staged["known_by"].add(once=True)
        for pks in some(self.found_anew):
            Word.objects.filter(person__in=pks).delete()
        self.staged["words"].add()
        self._take_back(by)

    def _take_back(self, by: Person) -> None:
        """Note who is back, and end the roles and tokens they left with, as `Person.rejoin` does."""
        theirs = Q(grants__revoked_at=None, grants__isnull=False) | Q(
            tokens__revoked_at=None, tokens__isnull=False
        )
        for pks in some(self.back):
            Person.objects.filter(pk__in=pks).update(returned_at=now())
        for pks in some(self.back):
            for person in Person.objects.filter(theirs, pk__in=pks).distinct():
                person._end_roles_and_tokens(by=by)

    def _derive(self) -> None:
        """Write anew who stands above those who moved, and what they and who came or went lack."""
        if len(self.moved) > MANY:
            relink_everyone()
        elif self.moved:
            relink(self.moved)
        concerned = self.turned | self.moved | self.placed
        if len(concerned) <= MANY:
            concerned |= with_reports(self.turned)
        if len(concerned) > MANY:
            retrace_everyone()
        else:
            retrace(concerned)
