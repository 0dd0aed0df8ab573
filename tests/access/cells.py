"""The cells of the table: each route and method, asked by everybody of every row, plainly and by htmx."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from tests.drawing import by_chance, drawn, drawn_of_each

from .actors import BY_KEY, BY_SESSION, NOT_LET_IN, Actor
from .asking import address_of

MISSING = "missing"
NOWHERE = 2**31 - 7
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
DENIED, ANSWERED, SHOWN = 4, 2, 3  # cells of one question in the short form; more of what shows something


@dataclass(frozen=True)
class Cell:
    """One question: who asks what of which row, and how."""

    actor: Actor
    label: str
    htmx: bool

    def __str__(self):
        return f"{self.actor} · {self.label or 'no row'}{' · htmx' if self.htmx else ''}"


@dataclass(frozen=True)
class Expected:
    """What the answer has to be. `denied` says whether the actor is refused."""

    status: int
    denied: bool = False
    as_missing: bool = False


class Question:
    """One method of one route, with all its cells."""

    def __init__(self, scene, name, method, asked):
        self.scene, self.name, self.method, self.asked = scene, name, method, asked
        self.rows = dict(scene.rows[asked.rows]) if asked.rows else {"": None}
        if asked.labels:
            self.rows = {label: self.rows[label] for label in asked.labels}
        self.answers = [(status, who(scene) if callable(who) else who) for status, who in asked.answers]

    def cells(self):
        """Return the cells that are asked: all in the long form, else some, others each day.

        Of those that are denied there is one of each kind of refusal at least. Of those that are answered
        each row comes once before any comes twice, and first to whom few rows are shown.
        """
        cells = sorted(self.every_cell(), key=lambda cell: by_chance(f"{self.name} {self.method} {cell}"))
        denied = [cell for cell in cells if self.expected(cell).denied]
        answered = _rarest_first([cell for cell in cells if not self.expected(cell).denied])
        at_most = SHOWN if self.method == "GET" and self.rows != {"": None} else ANSWERED
        return drawn_of_each(denied, DENIED, kind=self.expected) + drawn(answered, at_most)

    def every_cell(self):
        """Yield every `Cell`; those who are not let in ask of one row only: they are told nothing of any."""
        api = self.asked.door == "api"
        for htmx in (False,) if api else (False, True):
            for actor in (*BY_SESSION, *NOT_LET_IN, *(BY_KEY if api else BY_KEY[:1])):
                let_in = actor.person and (api or not actor.key)
                labels = list(self.rows) if let_in else list(self.rows)[:1]
                for label in [*labels, *([MISSING] if self.asked.rows else [])]:
                    yield Cell(actor, label, htmx)

    def address(self, label):
        """Return the address of a row; without rows, what is missing is an address that nothing answers."""
        if label == MISSING and not self.asked.rows:
            return f"{address_of(self.name, self._args(''))}nowhere/"
        return address_of(self.name, self._args(label))

    def body(self, label, actor):
        if self.asked.body is None or self.method not in UNSAFE:
            return None
        row = self.rows.get(label) or next(iter(self.rows.values()))
        return self.asked.body(self.scene, row)

    def expected(self, cell):
        """Return what the table says of a cell."""
        actor, door = cell.actor, self.asked.door
        known = None if actor.key and door != "api" else actor.person
        if door != "public" and known is None:
            return Expected(401 if door == "api" else 302, denied=True)
        shut = actor.key and self.asked.by_session
        if door == "api" and (shut or (actor.reads_only and self.method in UNSAFE)):
            return Expected(403, denied=True)
        if cell.label != MISSING:
            for status, who in self.answers:
                if known in who.get(cell.label, ()):
                    code = status[cell.htmx] if isinstance(status, tuple) else status
                    return Expected(code, denied=code in (401, 403, 404))
        return Expected(404, denied=True, as_missing=cell.label != MISSING)

    def _args(self, label):
        row = self.rows.get(label)
        if self.asked.args is None:
            return () if not self.asked.rows else (NOWHERE if label == MISSING else row.pk,)
        if label != MISSING:
            return self.asked.args(self.scene, row)
        key, *rest = self.asked.args(self.scene, next(iter(self.rows.values())))
        return (UUID(int=NOWHERE) if isinstance(key, UUID) else NOWHERE, *rest)


def _rarest_first(cells):
    """Put the cells in rounds of one of each row, within a row first those of the actor with the fewest."""
    of_actor = Counter(cell.actor for cell in cells)
    rounds, taken = [], Counter()
    for cell in sorted(cells, key=lambda cell: of_actor[cell.actor]):
        taken[cell.label] += 1
        rounds.append((taken[cell.label], cell))
    return [cell for _round, cell in sorted(rounds, key=lambda one: one[0])]
