"""Whoever is here and not in a file: who leaves for that, and whom a refused row keeps from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from competencies.core.folding import words_of

from .cells import loose_number
from .column_mapping import KEYS
from .grouping import Subject

if TYPE_CHECKING:
    from .column_mapping import ParsedRow
    from .current_state import CurrentState, Known


def whoever_is_absent(subjects: Sequence[Subject], state: CurrentState) -> tuple[list[Subject], list[int]]:
    """Return a subject for everybody who leaves for not being in the file, and the lines that hold it up.

    Those are rows that may be anybody: no key of theirs can be read, and no other cell names somebody who
    is here. As long as there is one, nobody leaves. Nor does ever whoever imports, who only joins later,
    whose leaving is known, and whom a refused row names by any cell that can be read, if loosely.
    """
    named: set[int | None] = set()
    unread: list[int] = []
    naming = Naming(state)
    for subject in subjects:
        named.add(subject.key)
        for row in subject.rows if subject.reasons else ():
            found = naming.of(row)
            named |= found
            if subject.unread and not found and subject.known is None:
                unread.append(row.line)
    if unread:
        return [], sorted(unread)
    absent = [known for known in state.people.values() if _may_leave(known, named, state)]
    return [_leaving(known, state) for known in absent], []


def _may_leave(known: Known, named: Collection[int | None], state: CurrentState) -> bool:
    if known.pk in named or known.pk not in state.may_release or known.erased_at:
        return False
    return not (known.joined_on and known.joined_on > state.today)


def _leaving(known: Known, state: CurrentState) -> Subject:
    subject = Subject(known.pk, known, [], leaves_on=state.today)
    subject.lines = list(state.lines.get(known.pk, ()))
    subject.placements = list(state.placements.get(known.pk, ()))
    return subject


class Naming:
    """Whom the cells of a row name, loosely: by email, number without zeros, the words of a name."""

    def __init__(self, state: CurrentState) -> None:
        self.state = state
        self.by_name: dict[tuple[str, ...], set[int]] | None = None

    def of(self, row: ParsedRow) -> set[int]:
        """Return the ids of the people whom a row names."""
        hints = {row.values[key] for key in KEYS if key in row.values} | row.hints
        found = {pk for hint in hints if (pk := self.state.by_email.get(hint))}
        found |= {pk for hint in hints if hint and (pk := self.state.by_loose_number.get(loose_number(hint)))}
        if name := _words(row.values.get("name", "")):
            found |= self._by_name()[name]
        return found

    def _by_name(self) -> dict[tuple[str, ...], set[int]]:
        if self.by_name is None:
            self.by_name = defaultdict(set)
            for known in self.state.people.values():
                self.by_name[_words(known.name)].add(known.pk)
        return self.by_name


def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name in no order, so that "Fuentes, Mateo" is Mateo Fuentes."""
    return tuple(sorted(words_of(name)))
