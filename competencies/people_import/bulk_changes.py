"""What is to be written about many people, worked out before anybody has to wait for it.

While it is written nobody else can write on SQLite, nor change how people stand on PostgreSQL. So rows and
entries of the trail are made ready before, as the database keeps them, and written in one short step: all of
it, or nothing when the process is killed meanwhile.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from competencies.core.bulk import Staged, update_values, values_of
from competencies.core.clock import now, today
from competencies.people.models import FormerName, Person, Placement, ReportingLine, Word
from competencies.people.models.missing_assignments import retrace, retrace_everyone
from competencies.people.models.reporting import with_reports
from competencies.people.models.reporting_closure import relink, relink_everyone
from competencies.people.models.search_index import rows_for
from competencies.trail.batches import Batch
from competencies.trail.models import Entry, Head

AT_ONCE = 1_000
MANY = 2_000  # people moved, from which on what is derived is written anew for everybody
FIELDS = ("number", "email", "name", "title", "team", "pronouns", "joined_on", "leaves_on")
SPANS = {
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


def quiet(percent):
    """Tell nobody how far it is."""


def some(pks):
    """Return `pks` in order, as lists of a thousand at most."""
    pks = sorted(pks)
    return [pks[first : first + AT_ONCE] for first in range(0, len(pks), AT_ONCE)]


def rows_of(name, people):
    """Return the whole rows of some people as plain JSON, in order: `{person: [[pk, …], …]}`."""
    model, fields = SPANS[name]
    found = defaultdict(list)
    for pks in some(key for key in people if key > 0):
        for row in model.objects.filter(person__in=pks).order_by("starts_on", "pk").values_list(*fields):
            found[row[1]].append([plain_value(value) for value in row])
    return found


def plain_value(value):
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True)
class Moment:
    """An instant, to ask later whether people still stand as they stood then."""

    day: object
    sequence: int

    @classmethod
    def here(cls):
        return cls(today(), Head.here().sequence)

    def is_past(self):
        """Return whether something was done since that an import goes by, or the day is over."""
        since = Entry.objects.filter(sequence__gt=self.sequence)
        concerning = reduce(or_, (Q(action__startswith=begins) for begins in CONCERNING))
        return self.day != today() or since.filter(concerning).exists()


@dataclass
class Prepared:
    """Rows of people, ready to be written by `write`; ids of those that are new are reserved already."""

    trail: Batch
    newcomers: list | Staged = field(default_factory=list)
    described: list = field(default_factory=list)
    leaving: dict = field(default_factory=lambda: defaultdict(list))
    known_by: list | Staged = field(default_factory=list)
    found_anew: list = field(default_factory=list)
    words: list | Staged = field(default_factory=list)
    back: list = field(default_factory=list)
    turned: set = field(default_factory=set)
    moved: set = field(default_factory=set)
    placed: set = field(default_factory=set)
    gone: dict = field(default_factory=lambda: {name: [] for name in SPANS})
    ended: dict = field(default_factory=lambda: {name: defaultdict(list) for name in SPANS})
    new: dict = field(default_factory=lambda: {name: [] for name in SPANS})

    def welcome(self, people):
        """Make ready the rows of people who are new."""
        self.newcomers += values_of(people, Person._meta.concrete_fields)

    def describe(self, pk, values):
        """Make ready what somebody's own row says from now on: `{field: value}` of all `FIELDS`."""
        prepared = (
            Person._meta.get_field(name).get_db_prep_save(values[name], connection) for name in FIELDS
        )
        self.described.append([pk, *prepared])

    def keep_former(self, changes):
        """Make ready what people were known by: `{person: {field: value before}}`."""
        self.known_by += [
            [pk, kind, before[kind]]
            for pk, before in changes.items()
            for kind in FormerName.Kind.values
            if before.get(kind)
        ]

    def find_by(self, pk, values, *, is_new=False):
        """Make ready the words by which somebody is found."""
        if not is_new:
            self.found_anew.append(pk)
        found = rows_for(values["name"], values["team"], values["email"], values["number"])
        self.words += [(pk, word) for word in sorted(found)]

    def add_spans(self, name, rows):
        """Make ready lines or placements, given as instances with their ids."""
        model, _fields = SPANS[name]
        self.new[name] += values_of(rows, model._meta.concrete_fields)

    def stage(self):
        """Lay what is new beside the database; call it when all is made ready."""
        self.newcomers = Staged(Person, Person._meta.concrete_fields, self.newcomers)
        kept = [FormerName._meta.get_field(name) for name in ("person", "kind", "text")]
        self.known_by = Staged(FormerName, kept, self.known_by)
        self.words = Staged(Word, [Word._meta.get_field(name) for name in ("person", "text")], self.words)
        for name, (model, _fields) in SPANS.items():
            self.new[name] = Staged(model, model._meta.concrete_fields, self.new[name])
        self.trail.stage()

    def drop(self):
        """Let go of what was laid beside the database."""
        for staged in (self.newcomers, self.known_by, self.words, *self.new.values(), self.trail):
            staged.drop()

    def write(self, *, by, tell=quiet):
        """Write all of it, in the caller's transaction."""
        self._write_people(by)
        tell(60)
        for name, (model, _fields) in SPANS.items():
            for pks in some(self.gone[name]):
                model.objects.filter(pk__in=pks).delete()
            for day, ended in self.ended[name].items():
                for pks in some(ended):
                    model.objects.filter(pk__in=pks).update(ends_on=day)
            self.new[name].add()
        tell(70)
        self._derive()
        tell(80)
        self.trail.join()
        tell(98)

    def _write_people(self, by):
        self.newcomers.add()
        update_values(Person, [Person._meta.get_field(name) for name in FIELDS], self.described)
        for day, leaving in self.leaving.items():
            for pks in some(leaving):
                Person.objects.filter(pk__in=pks).update(leaves_on=day)
        self.known_by.add(once=True)
        for pks in some(self.found_anew):
            Word.objects.filter(person__in=pks).delete()
        self.words.add()
        self._take_back(by)

    def _take_back(self, by):
        """Note who is back, and end the roles and tokens they left with, as `Person.rejoin` does."""
        theirs = Q(grants__revoked_at=None, grants__isnull=False) | Q(
            tokens__revoked_at=None, tokens__isnull=False
        )
        for pks in some(self.back):
            Person.objects.filter(pk__in=pks).update(returned_at=now())
        for pks in some(self.back):
            for person in Person.objects.filter(theirs, pk__in=pks).distinct():
                person._end_roles_and_tokens(by=by)

    def _derive(self):
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
