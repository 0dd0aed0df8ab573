"""What an import would do: people as they stand beside what a file says of them, and a verdict a row.

Nothing is written here, and nothing is asked per row: a handful of queries read everybody, the rest
happens in memory. Reporting lines are looked at last and together, over file and database and over
time, because whether one is sound depends on all the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .absence import whoever_is_absent
from .column_mapping import Reader
from .columns import COLUMNS, DESCRIBING
from .current_state import CurrentState, Unsound, at, begin, end, spelt
from .employment_status import GONE, HERE
from .grouping import beginning, check_mine, gather, in_order, refuse_doubles, standing
from .reporting_cycles import Lines

if TYPE_CHECKING:
    from competencies.people.models import Person

    from .bulk_changes import Tell
    from .cells import Row
    from .column_mapping import ParsedRow
    from .grouping import Subject


PROGRESS_EVERY = 500
CREATE: str = "create"
CHANGE: str = "change"
END: str = "end"
UNCHANGED: str = "unchanged"
REFUSED: str = "refused"


@dataclass(frozen=True)
class Verdict:
    """What an import would do with one row; `line` 0 for somebody whom the file does not name.

    One that `is_unread` may be about anybody, so that nobody leaves for not being in the file.
    """

    line: int
    kind: str
    person: int | None
    name: str
    changes: list[list[str]]
    reasons: list[str]
    is_unread: bool = False


@dataclass
class Plan:
    """The subjects of a file, a `Verdict` a row in the order of the lines, and the state of before."""

    state: CurrentState
    subjects: list[Subject]
    verdicts: list[Verdict]
    unread: list[int]

    @property
    def counts(self) -> dict[str, int]:
        counts = Counter(verdict.kind for verdict in self.verdicts)
        return {kind: counts[kind] for kind in (CREATE, CHANGE, END, UNCHANGED, REFUSED)} | {
            "absent": sum(verdict.line == 0 for verdict in self.verdicts),
            "unread": len(self.unread),
            "here": sum(
                row.leaves_on is None or row.leaves_on > self.state.today
                for row in self.state.people.values()
            ),
        }

    def accepted(self) -> list[Subject]:
        return [subject for subject in self.subjects if subject.acts and not subject.reasons]


def plan(
    rows: Sequence[Row],
    mapping: Mapping[str, Any],
    *,
    by: Person,
    taken_out: Mapping[int, date],
    tell: Tell = lambda percent: None,
) -> Plan:
    """Take rows (`[line, cell, …]`) and what their columns mean; return the `Plan` of `by`.

    `mapping` is that of `column_mapping.Reader`, with `leavers` and `dropped`: whether whoever is here and
    not in the file leaves today, and the lines that somebody dropped by hand. `taken_out` says whom the
    undoing of an import took out, with the day. `tell` hears how far it is.
    """
    state = CurrentState(by, taken_out)
    tell(15)
    reader = Reader(mapping)
    dropped = set(mapping.get("dropped", ()))
    subjects = gather([reader.parse(row) for row in rows if row[0] not in dropped], state)
    tell(30)
    refuse_doubles(subjects)
    for number, subject in enumerate(subjects):
        if subject.readable:
            _describe(subject, state)
            _leave(subject, state, reads_leaving={"last_day", "gone_from"} & set(mapping["columns"]))
            _place(subject, state)
        if number % PROGRESS_EVERY == 0:
            tell(30 + 40 * number // len(subjects))
    Lines(subjects, state).settle()
    tell(90)
    for subject in subjects:
        if not subject.reasons:
            _finish(subject, state)
    unread: list[int] = []
    if mapping.get("leavers"):
        absent, unread = whoever_is_absent(subjects, state)
        for subject in absent:
            _end(subject, 0)
        subjects += absent
    return Plan(state, subjects, _verdicts(subjects, dropped, set(unread)), unread)


def _describe(subject: Subject, state: CurrentState) -> None:
    """Take over what the rows say of the person; refuse somebody new without a name or an email."""
    for row in subject.rows:
        for key in DESCRIBING:
            if key in row.values:
                subject.values[key] = row.values[key]
    first = subject.rows[0].line
    if subject.is_new:
        subject.unread |= "email" not in subject.values
        for key in ("email", "name"):
            if key not in subject.values and not any(key in row.spoilt for row in subject.rows):
                subject.reasons.append(
                    _("Nobody matches this row, and a new person needs: %(what)s.")
                    % {"what": COLUMNS[key].label}
                )
        subject.acts.append(("welcome",))
        for key, value in subject.values.items():
            subject.change(first, key, None, value)
        return
    changed = [key for key, value in subject.values.items() if getattr(subject.known, key) != value]
    if changed and subject.key not in state.may_describe:
        subject.reasons.append(_("You can’t change the details of %(name)s.") % {"name": subject.known_name})
    if changed:
        subject.acts.append(("describe", tuple(sorted(changed))))
    for key in changed:
        subject.change(first, key, getattr(subject.known, key), subject.values[key])


def _leave(subject: Subject, state: CurrentState, *, reads_leaving: Collection[str]) -> None:
    """Take over when the person leaves; refuse to take back who left, but for whom an undoing took out."""
    subject.leaves_on = subject.known and subject.known.leaves_on
    day = next((_gone_from(row) for row in subject.rows if _gone_from(row)), None)
    statuses = {row.values.get("status") for row in subject.rows}
    first = subject.rows[0].line
    if subject.leaves_on is None or subject.leaves_on == day:
        pass
    elif state.taken_out.get(subject.key or 0) == subject.leaves_on and subject.key in state.may_readmit:
        subject.acts.append(("rejoin", subject.leaves_on))
        subject.change(first, "gone_from", subject.leaves_on, None)
        subject.leaves_on = None
    elif day is not None:
        subject.reasons.append(
            _(
                "For %(name)s, the first day after leaving is %(known)s, but the file says %(day)s. "
                "Change it on their page."
            )
            % {"name": subject.known_name, "known": spelt(subject.leaves_on), "day": spelt(day)}
        )
    elif subject.leaves_on <= state.today and (reads_leaving or _moves(subject)) and GONE not in statuses:
        subject.reasons.append(
            _("%(name)s left on %(day)s. Rehire them on their page first.")
            % {"name": subject.known_name, "day": spelt(subject.leaves_on)}
        )
    if reason := _against_status(subject, statuses, day, state):
        subject.reasons.append(reason)
    if day and subject.leaves_on is None and not subject.reasons:
        if subject.joined_on and day < subject.joined_on:
            subject.reasons.append(_("They don’t join until %(day)s.") % {"day": spelt(subject.joined_on)})
        elif not subject.is_new and not _may_release(subject, state):
            subject.reasons.append(_("You can’t offboard yourself with an import."))
        subject.leaves_on = day


def _against_status(
    subject: Subject, statuses: Collection[str | None], day: date | None, state: CurrentState
) -> str:
    """Return how the status that a file gives somebody contradicts the day on which they leave, or ""."""
    gone_from = subject.leaves_on or day
    is_gone = gone_from is not None and gone_from <= state.today
    if GONE in statuses and not is_gone and day is None:
        if subject.is_new:
            return _(
                "Their status says they have left, and an import doesn’t add people who have left. Remove"
                " the row."
            )
        return _("The status says %(name)s has left, but not when. Add the last day.") % {
            "name": subject.known_name
        }
    if HERE in statuses and gone_from and is_gone:
        return _("Their status says they’re employed, but their first day after leaving is %(day)s.") % {
            "day": spelt(gone_from)
        }
    return ""


def _may_release(subject: Subject, state: CurrentState) -> bool:
    back = subject.comes_back  # then the rule, which wants who is here, cannot see them yet
    return subject.key in state.may_release or (back and subject.key != state.by.pk)


def _gone_from(row: ParsedRow) -> date | None:
    last = row.values.get("last_day")
    return last + timedelta(days=1) if last else row.values.get("gone_from")


def _moves(subject: Subject) -> bool:
    return any({"manager", "track", "level"} & set(row.values) for row in subject.rows)


def _place(subject: Subject, state: CurrentState) -> None:
    subject.placements = list(state.placements.get(subject.key or 0, ()))
    dated = [(row.values.get("level_from"), row) for row in subject.rows if any(standing(row))]
    for day, row in in_order(dated):
        try:
            if (from_day := beginning(subject, day, state)) is None:
                continue
            before = at(subject.placements, from_day)
            what = state.ladder.resolve(*standing(row), before)
            if before and state.ladder.keys(what) == state.ladder.keys(before):
                continue
            check_mine(subject, state)
            subject.placements = begin(subject.placements, from_day, what, state.today)
        except Unsound as reason:
            subject.reasons.append(str(reason))
            continue
        subject.acts.append(("place", what, from_day))
        subject.change(row.line, "level", before and state.ladder.label(before), state.ladder.label(what))
        subject.change(row.line, "level_from", None, from_day)


def _finish(subject: Subject, state: CurrentState) -> None:
    """Put leaving last: it ends the lines and placements that the other rows made."""
    left_before = subject.known.leaves_on if subject.known and not subject.comes_back else None
    if subject.leaves_on and subject.leaves_on != left_before:
        _end(subject, subject.rows[0].line if subject.rows else 0)


def _end(subject: Subject, line: int) -> None:
    if subject.leaves_on is None:
        return
    subject.lines = end(subject.lines, subject.leaves_on)
    subject.placements = end(subject.placements, subject.leaves_on)
    subject.acts.append(("leave", subject.leaves_on))
    subject.change(line, "gone_from", None, subject.leaves_on)


def _verdicts(
    subjects: Sequence[Subject], dropped: Collection[int], unread: Collection[int]
) -> list[Verdict]:
    verdicts = [Verdict(line, REFUSED, None, "", [], [_("Skipped by hand.")]) for line in dropped]
    for subject in subjects:
        person = subject.key if subject.known else None
        for line in [row.line for row in subject.rows] or [0]:
            changes = [] if subject.reasons else subject.changes.get(line, [])
            kind = _kind(subject, line, changes)
            verdicts.append(
                Verdict(line, kind, person, subject.name[:200], changes, subject.reasons, line in unread)
            )
    return sorted(verdicts, key=lambda verdict: (verdict.line == 0, verdict.line))


def _kind(subject: Subject, line: int, changes: Sequence[Sequence[str]]) -> str:
    if subject.reasons:
        return REFUSED
    if subject.is_new:
        return CREATE
    if not changes:
        return UNCHANGED
    leaves = any(key == "gone_from" and after for key, _before, after in changes)
    return END if leaves else CHANGE
