"""Rows that entries of the trail speak of, held against what the entries hold of them.

An app registers a `RowCheck` for each kind of row of which its entries hold a digest. A row that an erasure
emptied is `Redacted` when the erasure left an entry with the digest of what is left, and a receipt; a
receipt alone excuses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from .models import Entry

STRETCH = 1000
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Break:
    """A place where trail or rows are not what was written: the entry's number, if any; what is wrong."""

    sequence: int | None
    reason: str


@dataclass(frozen=True)
class Redacted:
    """A row that an erasure emptied, as a receipt and the trail say: the entry's number and the row."""

    sequence: int
    row: str


class RowCheck(Generic[Row]):
    """One kind of row of which entries hold a digest.

    `actions` are those of the entries that hold one, `redacted` those of the entries that an erasure adds
    when it changes such a row. A row is found by the key that the entry names.
    """

    label: str
    actions: tuple[str, ...] = ()
    redacted: tuple[str, ...] = ()

    def found(self, keys: Collection[str]) -> dict[str, list[Row]]:
        """Return `{key: [rows]}` of the rows that entries name by these keys (texts)."""
        raise NotImplementedError

    def everything(self) -> QuerySet[Row]:
        """Return the queryset of all rows that must have an entry."""
        raise NotImplementedError

    def key_of(self, row: Row) -> str:
        """Return the key by which entries name a row."""
        return str(row.pk)

    def is_meant(self, row: Row, entry: Entry) -> bool:
        """Return True if an entry speaks of this one of the rows that it names."""
        return True

    def digest_of(self, row: Row, entry: Entry) -> str:
        """Return the digest of a row as it stands, as the entry would hold it."""
        raise NotImplementedError

    def is_written(self, entry: Entry) -> bool:
        """Return True if an entry holds a digest; those from before may not."""
        return self.name in entry.details

    def agrees(self, row: Row, entry: Entry) -> bool:
        """Return True if the row agrees with what else the entry holds."""
        return True

    def may_be_gone(self, entry: Entry) -> bool:
        """Return True if the row that an entry speaks of may be missing by right."""
        return False

    def subject_of(self, row: Row) -> int | None:
        """Return the key of the person whose record the row is, where erasures left no entry of it once."""
        return None

    name = "digest"  # of the detail that holds the digest


Finding = Break | Redacted
Comparison = Callable[[], Iterator[tuple[int, list[Break]]]]
Covering = Callable[[Entry], bool]
CoveringBefore = Callable[[Entry, int], bool]
Check = TypeVar("Check", bound=type[RowCheck[Any]])

_checks: list[RowCheck[Any]] = []
_covering: list[Covering] = []
_covering_before: list[CoveringBefore] = []
_comparisons: dict[str, Comparison] = {}


def register(check: Check) -> Check:
    """Have rows checked by the decorated `RowCheck`."""
    _checks.append(check())
    return check


def covers(function: Covering) -> Covering:
    """Register `function(entry)`: it says whether a receipt covers the redaction that an entry tells of."""
    _covering.append(function)
    return function


def covers_from_before(function: CoveringBefore) -> CoveringBefore:
    """Register `function(entry, subject)`, which says whether an erasure emptied the row of an entry when
    erasures left no entry for each row yet.
    """
    _covering_before.append(function)
    return function


def comparison(name: str) -> Callable[[Comparison], Comparison]:
    """Register the decorated `function()`, which yields `(done, breaks)` for each stretch of rows."""

    def register(function: Comparison) -> Comparison:
        _comparisons[name] = function
        return function

    return register


def every_comparison() -> dict[str, Comparison]:
    """Return what rows are compared with beside their entries: `{name: function}`."""
    return {check.label: Lacking(check) for check in _checks} | _comparisons


def checked_actions() -> dict[str, RowCheck[Any]]:
    """Return `{action: check}` of the actions whose entries hold digests."""
    return {action: check for check in _checks for action in (*check.actions, *check.redacted)}


def held(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Yield what does not fit, or was redacted, of the rows that `entries` speak of. Few queries a kind."""
    checks = checked_actions()

    def kind(entry: Entry) -> str:
        return checks[entry.action].label

    for _label, of_kind in groupby(sorted(entries, key=kind), key=kind):
        some = list(of_kind)
        yield from Holding(checks[some[0].action], some).results()


class Holding:
    """Some entries about rows of one kind, with the rows and what erasures left of them."""

    def __init__(self, check: RowCheck[Any], entries: Sequence[Entry]) -> None:
        self.check, self.entries = check, entries

    def results(self) -> Iterator[Finding]:
        rows = self.check.found({entry.row_pk for entry in self.entries})
        for entry in self.entries:
            if self.check.is_written(entry) or entry.action not in self.check.redacted:
                meant = [row for row in rows.get(entry.row_pk, ()) if self.check.is_meant(row, entry)]
                yield from self._result(entry, meant[0] if meant else None)

    def _result(self, entry: Entry, row: Model | None) -> Iterator[Finding]:
        if row is None:
            if not self.check.may_be_gone(entry):
                yield Break(entry.sequence, _("%(row)s is missing or was replaced") % {"row": _named(entry)})
        elif not self.check.agrees(row, entry):
            yield Break(entry.sequence, _("%(row)s was altered") % {"row": _named(entry)})
        elif self.check.is_written(entry) and not self._fits(row, entry):
            yield from self._altered(entry, row)

    def _fits(self, row: Model, entry: Entry) -> bool:
        recorded: object = entry.details[self.check.name]
        return self.check.digest_of(row, entry) == recorded

    def _altered(self, entry: Entry, row: Model) -> Iterator[Finding]:
        """Yield that a row is not as the entry has it: redacted, if all of that is on record."""
        last = self._last_redaction(entry, row)
        of_redaction = entry.action in self.check.redacted
        if last and of_redaction:
            return  # the later one says how the row has to be
        if last:
            emptied = self._fits(row, last) and any(covered(last) for covered in _covering)
        else:
            subject = None if of_redaction else self.check.subject_of(row)
            emptied = subject is not None and any(before(entry, subject) for before in _covering_before)
        if emptied:
            yield Redacted(entry.sequence, _named(entry))
        else:
            yield Break(entry.sequence, _("%(row)s was altered") % {"row": _named(entry)})

    def _last_redaction(self, entry: Entry, row: Model) -> Entry | None:
        """Return the last entry about a redaction of the row after this entry, or None."""
        found = self._redactions.get(entry.row_pk, ())
        later = (each for each in found if each.sequence > entry.sequence)
        return next((each for each in later if self.check.is_meant(row, each)), None)

    @cached_property
    def _redactions(self) -> dict[str, list[Entry]]:
        if not self.check.redacted:
            return {}
        label = self.entries[0].row_model
        found = Entry.objects.filter(row_model=label, row_pk__in={entry.row_pk for entry in self.entries})
        by_row: dict[str, list[Entry]] = {}
        for entry in found.filter(action__in=self.check.redacted).order_by("-sequence"):
            by_row.setdefault(entry.row_pk, []).append(entry)
        return by_row


class Lacking:
    """Rows of a kind that have no entry: nobody made them by the product."""

    def __init__(self, check: RowCheck[Any]) -> None:
        self.check = check

    def __call__(self) -> Iterator[tuple[int, list[Break]]]:
        """Yield `(done, breaks)` for each stretch of rows."""
        for rows in stretches(self.check.everything()):
            keys = {self.check.key_of(row) for row in rows}
            recorded = Entry.objects.filter(action__in=self.check.actions, row_pk__in=keys).order_by()
            entries: dict[str, list[Entry]] = {}
            for entry in recorded:
                entries.setdefault(entry.row_pk, []).append(entry)
            yield (
                len(rows),
                [
                    Break(
                        None,
                        _("%(row)s has no entry in the audit log") % {"row": f"{self.check.label} {row.pk}"},
                    )
                    for row in rows
                    if not any(
                        self.check.is_meant(row, entry) for entry in entries.get(self.check.key_of(row), ())
                    )
                ],
            )


def stretches(rows: QuerySet[Row], size: int = STRETCH) -> Iterator[list[Row]]:
    """Yield lists of `size` rows by their keys, so that memory does not grow with the table."""
    rows, last = rows.order_by("pk"), 0
    while found := list(rows.filter(pk__gt=last)[:size]):
        yield found
        last = found[-1].pk


def _named(entry: Entry) -> str:
    return f"{entry.row_model} {entry.row_pk}"
