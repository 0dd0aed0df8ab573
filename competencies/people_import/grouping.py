"""Whom a file speaks of: its rows gathered by person, and refused where they say two things of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .cells import loose_number
from .column_mapping import KEYS
from .columns import COLUMNS, DESCRIBING
from .current_state import Known, Unsound, spelt

if TYPE_CHECKING:
    from .column_mapping import ParsedRow
    from .current_state import CurrentState, Span, Standing


IDENTIFYING = ("number", "email", "name")


@dataclass(slots=True)
class Subject:
    """One person that the file speaks of, on one line or several, and what would become of them.

    `key` is the id of somebody who is here, below zero for somebody new, and None where it cannot be
    told who is meant. `acts` are the transitions in order: `(verb, …)`. One that is not `readable` is
    refused for what its rows are, and what they ask is not looked at; others hear all reasons at once.
    One that is `unread` may be anybody who is here: its rows say nobody by a key that can be read.
    """

    key: int | None
    known: Known | None
    rows: list[ParsedRow]
    reasons: list[str] = field(default_factory=list)
    readable: bool = True
    unread: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    leaves_on: date | None = None
    lines: list[Span[int]] = field(default_factory=list)
    placements: list[Span[Standing]] = field(default_factory=list)
    acts: list[tuple[Any, ...]] = field(default_factory=list)
    changes: dict[int, list[list[str]]] = field(default_factory=lambda: defaultdict(list))
    needs: set[int | None] = field(default_factory=set)

    @property
    def is_new(self) -> bool:
        return self.known is None

    @property
    def known_name(self) -> str:
        return self.known.name if self.known else ""

    @property
    def name(self) -> str:
        return str(self.values.get("name") or (self.known and self.known.name) or self.label)

    @property
    def label(self) -> str:
        return str(self.values.get("email") or self.values.get("number") or "")

    @property
    def comes_back(self) -> bool:
        return any(act[0] == "rejoin" for act in self.acts)

    @property
    def joined_on(self) -> date | None:
        day: date | None = self.values.get("joined_on") or (self.known and self.known.joined_on)
        return day

    def change(self, line: int, key: str, before: object, after: object) -> None:
        self.changes[line].append([key, _written(before), _written(after)])


def _written(value: object) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def gather(rows: Sequence[ParsedRow], state: CurrentState) -> list[Subject]:
    """Gather the rows by whom they are about, known by staff number first, then by email."""
    subjects: list[Subject] = []
    found: dict[int, Subject] = {}
    numbers: dict[str, Subject] = {}
    emails: dict[str | None, Subject] = {}
    for row in rows:
        number, email = row.values.get("number"), row.values.get("email")
        one, other = state.by_number.get(number), state.by_email.get(email)
        reason = _who(number, email, one, other, state)
        key = one or other
        if reason or (row.faults and key is None):
            subject = None
        elif key is not None:
            subject = found.get(key)
        else:
            subject = numbers.get(number) if number else None
            if subject is None and (same := emails.get(email)) and not (number and "number" in same.values):
                subject = same
        if subject is None:
            known = state.people.get(key) if key and not reason else None
            subject = Subject(key if known else None if reason else -len(subjects) - 1, known, [])
            subjects.append(subject)
            if known and key is not None:
                found[key] = subject
        _know_half_a_name(row, subject)
        subject.unread |= key is None and bool(reason or row.spoilt & set(KEYS))
        subject.rows.append(row)
        subject.reasons += row.faults + ([reason] if reason else [])
        for name in IDENTIFYING:  # never as a set comes: the digest of a plan is made of the order
            if name in row.values:
                subject.values.setdefault(name, row.values[name])
        if subject.is_new and not reason:
            numbers |= {number: numbers.get(number, subject)} if number else {}
            emails |= {email: emails.get(email, subject)} if email else {}
    return subjects


def _know_half_a_name(row: ParsedRow, subject: Subject) -> None:
    """Leave out a name of which the row gives one part only: of somebody who is here it is no change."""
    if row.values.pop("half_name", False) and subject.known:
        del row.values["name"]


def _who(
    number: str | None, email: str | None, one: int | None, other: int | None, state: CurrentState
) -> str:
    """Return why nobody can tell whom a row is about, or nothing."""
    if number and not one and (almost := state.by_loose_number.get(loose_number(number))):
        return _("Nobody has staff number %(number)s, but %(almost)s is %(name)s: write it the same way.") % {
            "number": number,
            "almost": state.people[almost].number,
            "name": state.name(almost),
        }
    if number is None and email is None:
        return _("This row identifies nobody: it has neither a staff number nor an email.")
    if one and other and one != other:
        return _("Staff number %(number)s is %(one)s, but %(email)s is %(other)s.") % {
            "number": number,
            "one": state.name(one),
            "email": email,
            "other": state.name(other),
        }
    if other and not one and number and state.people[other].number:
        return _("%(email)s is %(other)s, whose staff number is %(number)s.") % {
            "email": email,
            "other": state.name(other),
            "number": state.people[other].number,
        }
    return ""


def refuse_doubles(subjects: Sequence[Subject]) -> None:
    """Refuse rows that say two things of one person, and two people with one email or number."""
    for subject in subjects:
        if len(subject.rows) > 1 and subject.key is not None:
            subject.reasons += _at_odds(subject)
    for name, sentence in (
        ("email", _("Duplicate email: %(value)s is used for different people on lines %(lines)s.")),
        (
            "number",
            _("Duplicate staff number: %(value)s is used for different people on lines %(lines)s."),
        ),
    ):
        holders: dict[str, list[Subject]] = defaultdict(list)
        for subject in subjects:
            if value := subject.values.get(name):
                holders[value].append(subject)
        for value, several in holders.items():
            if len(several) > 1:
                lines = _listed(row.line for subject in several for row in subject.rows)
                for subject in several:
                    subject.reasons.append(sentence % {"value": value, "lines": lines})
    for subject in subjects:
        subject.readable = len(subject.reasons) == sum(len(row.faults) for row in subject.rows)


def _at_odds(subject: Subject) -> list[str]:
    """Return why several rows about one person cannot stand together: only dated history can."""
    lines = _listed(row.line for row in subject.rows)
    differing = [
        key
        for key in (*DESCRIBING, "last_day", "gone_from", "status")
        if len({row.values[key] for row in subject.rows if key in row.values}) > 1
    ]
    if "email" in differing:
        return [_("Duplicate staff number: lines %(lines)s give it different emails.") % {"lines": lines}]
    if differing:
        what = ", ".join(str(COLUMNS[key].label) for key in differing)
        return [
            _("Lines %(lines)s are about the same person but differ in: %(what)s.")
            % {"lines": lines, "what": what}
        ]
    levels = [(row.values.get("level_from"), *standing(row)) for row in subject.rows if any(standing(row))]
    managers = [
        (row.values.get("line_from"), row.values["manager"])
        for row in subject.rows
        if "manager" in row.values
    ]
    reasons = []
    if _clash(levels):
        reasons.append(
            _("Conflicting levels: lines %(lines)s give different levels and don’t each have a date.")
            % {"lines": lines}
        )
    if _clash(managers):
        reasons.append(
            _("Conflicting managers: lines %(lines)s give different managers and don’t each have a date.")
            % {"lines": lines}
        )
    if not reasons and len(set(levels)) < 2 and len(set(managers)) < 2:
        reasons.append(_("The same person is on lines %(lines)s.") % {"lines": lines})
    return reasons


def standing(row: ParsedRow) -> tuple[str | None, str | None]:
    """Return the track and the level that a row names, each a text or None."""
    return row.values.get("track"), row.values.get("level")


def _clash(dated: Sequence[tuple[Any, ...]]) -> bool:
    """Return True if different things are said of the same day, or of no day."""
    different = set(dated)
    days = [row[0] for row in different]
    return len(different) > 1 and (None in days or len(set(days)) < len(days))


def _listed(numbers: Iterable[int], most: int = 5) -> str:
    lines = sorted(numbers)
    if len(lines) > most:
        more = len(lines) - most
        return (
            ", ".join(map(str, lines[:most]))
            + " "
            + ngettext("and %(number)d more", "and %(number)d more", more) % {"number": more}
        )
    return ", ".join(map(str, lines))


def in_order(dated: Sequence[tuple[date | None, ParsedRow]]) -> list[tuple[date | None, ParsedRow]]:
    """Return rows `(day, …)` by their day, those without one last."""
    return sorted(dated, key=lambda row: row[0] or date.max)


def beginning(subject: Subject, day: date | None, state: CurrentState) -> date | None:
    """Return the day from which something holds that is dated so, or not; None when they are gone by today.

    Refuses with `Unsound` a day that is said and on which they are gone.
    """
    from_day = day or max(state.today, subject.joined_on or state.today)
    if subject.leaves_on is None or from_day < subject.leaves_on:
        return from_day
    if day is None:
        return None
    raise Unsound(_("They no longer work here on %(day)s.") % {"day": spelt(day)})


def check_mine(subject: Subject, state: CurrentState) -> None:
    """Refuse with `Unsound` to move somebody whom whoever imports may not: themselves above all."""
    if subject.is_new or subject.key in state.may_place:
        return
    if subject.key == state.by.pk:
        raise Unsound(_("You can’t change your own manager or level: ask another HR administrator."))
    raise Unsound(_("You can’t change the manager or level of %(name)s.") % {"name": subject.known_name})
