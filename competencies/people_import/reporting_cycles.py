"""The reporting lines of a file together with those that are known: what leads back to itself is refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from competencies.people.models.reporting_closure import DEEPEST

from .current_state import Unsound, at, begin, spelt
from .grouping import beginning, check_mine, in_order

if TYPE_CHECKING:
    from .current_state import CurrentState, Span
    from .grouping import Subject


ROUNDS = 12


class Lines:
    """The reporting lines of all subjects together: unknown managers, leavers and circles are refused."""

    def __init__(self, subjects: Sequence[Subject], state: CurrentState) -> None:
        self.state = state
        self.subjects = [subject for subject in subjects if subject.key is not None]
        self.by_key = {subject.key: subject for subject in self.subjects if subject.key is not None}
        self.in_file: dict[str, Subject] = {}
        for subject in self.subjects:
            for name in ("number", "email"):
                if value := subject.values.get(name):
                    self.in_file.setdefault(value, subject)

    def settle(self) -> None:
        """Refuse what cannot be, and with it the rows that rest on it, until nothing more falls."""
        for subject in self.subjects:
            subject.lines = list(self.state.lines.get(subject.key or 0, ()))
            if subject.readable:
                self._move(subject)
        self._fall([subject for subject in self.subjects if subject.reasons])
        for _round in range(ROUNDS):
            if not (closing := self._circles()):
                return
            self._refuse(closing)
        moving = [subject for subject in self.subjects if not subject.reasons and _is_moved(subject)]
        self._refuse(
            [(subject, _("The reporting lines in this file form too many loops.")) for subject in moving]
        )

    def _move(self, subject: Subject) -> None:
        dated = [(row.values.get("line_from"), row) for row in subject.rows if "manager" in row.values]
        for day, row in in_order(dated):
            try:
                if (from_day := beginning(subject, day, self.state)) is None:
                    continue
                manager, resting_on = self._named(row.values["manager"], subject)
                before = at(subject.lines, from_day)
                if before == manager:
                    continue
                check_mine(subject, self.state)
                self._check_here(manager, from_day)
                subject.lines = begin(subject.lines, from_day, manager, self.state.today)
            except Unsound as reason:
                subject.reasons.append(str(reason))
                continue
            if resting_on:
                subject.needs.add(resting_on.key)
            subject.acts.append(("report_to", manager, from_day))
            subject.change(row.line, "manager", before and self._name(before), self._name(manager))
            subject.change(row.line, "line_from", None, from_day)

    def _named(self, text: str, subject: Subject) -> tuple[int, Subject | None]:
        """Return the key of the manager, and the subject by which alone the file names them, or None."""
        state, lower = self.state, text.lower()
        key = state.by_email.get(lower) if "@" in text else state.by_number.get(text)
        named = None
        if key is None and (named := self.in_file.get(lower if "@" in text else text)):
            key = named.key
        if key is None:
            sentence = _("Unknown manager: “%(text)s” matches nobody here or in the file.")
            if " " in text and "@" not in text:
                sentence = _(
                    "“%(text)s” is neither a staff number nor an email. Names aren’t enough to identify a"
                    " manager."
                )
            raise Unsound(sentence % {"text": text})
        if key == subject.key:
            raise Unsound(_("People can’t report to themselves."))
        return key, named

    def _check_here(self, manager: int, day: date) -> None:
        subject = self.by_key.get(manager)
        leaves_on = None
        if subject is not None and not subject.reasons:
            leaves_on = subject.leaves_on
        elif manager > 0:
            leaves_on = self.state.people[manager].leaves_on
        if leaves_on and leaves_on <= day:
            raise Unsound(
                _("Their manager, %(name)s, is no longer employed from %(day)s.")
                % {"name": self._name(manager), "day": spelt(leaves_on)}
            )

    def _name(self, key: int) -> str:
        return self.by_key[key].name if key in self.by_key else self.state.name(key)

    def _fall(self, refused: list[Subject]) -> None:
        """Refuse, too, everybody whose manager is known by a refused row alone."""
        resting: dict[int | None, list[Subject]] = defaultdict(list)
        for subject in self.subjects:
            for key in subject.needs:
                resting[key].append(subject)
        while refused:
            fallen = refused.pop()
            for subject in resting[fallen.key]:
                if not subject.reasons:
                    subject.reasons.append(
                        _("The row of their manager, %(name)s (line %(line)d), is rejected.")
                        % {"name": fallen.name, "line": fallen.rows[0].line}
                    )
                    refused.append(subject)

    def _refuse(self, closing: Sequence[tuple[Subject, str]]) -> None:
        for subject, reason in closing:
            subject.reasons.append(reason)
        self._fall([subject for subject, _reason in closing])

    def _circles(self) -> list[tuple[Subject, str]]:
        """Return `(subject, reason)` for every new line that leads back to its own beginning."""
        closing: list[tuple[Subject, str]] = []
        for subject in self.subjects:
            if subject.key is None or subject.reasons or not _is_moved(subject):
                continue
            added = [line for line in subject.lines if line.pk is None]
            if reason := circle(subject.key, added, self._lines_of, self._name):
                closing.append((subject, reason))
        return closing

    def _lines_of(self, key: int) -> Sequence[Span[int]]:
        subject = self.by_key.get(key)
        return self.state.lines.get(key, ()) if subject is None or subject.reasons else subject.lines


def _is_moved(subject: Subject) -> bool:
    return any(span.pk is None for span in subject.lines)


def circle(
    person: int,
    lines: Iterable[Span[int]],
    lines_of: Callable[[int], Iterable[Span[int]]],
    name: Callable[[int], str],
) -> str:
    """Return why these `lines` of `person` cannot be: they lead back to them or too deep; "" otherwise.

    Each is followed upwards for the time it holds, by whoever is the manager then: a circle that would
    only close next year is one, and two lines that never hold on the same day are none.
    """
    for line in lines:
        open_ends: list[tuple[int, date, date, tuple[int, ...]]] = [
            (line.what, line.starts_on, line.ends_on or date.max, (person,))
        ]
        while open_ends:
            key, since, until, path = open_ends.pop()
            if key == person:
                return _circle_in_words([*path, person], name)
            if len(path) > DEEPEST:
                return _("The reporting line would be more than %(most)d levels deep.") % {"most": DEEPEST}
            if key in path:  # a circle of others, which they are told of
                continue
            for above in lines_of(key):
                begins, ends = max(since, above.starts_on), min(until, above.ends_on or date.max)
                if begins < ends:
                    open_ends.append((above.what, begins, ends, (*path, key)))
    return ""


def _circle_in_words(path: Sequence[int], name: Callable[[int], str]) -> str:
    names = [name(key) for key in path[:6]] + ["…"] * (len(path) > 6)
    return _("The reporting line forms a loop: %(names)s.") % {"names": " → ".join(names)}
