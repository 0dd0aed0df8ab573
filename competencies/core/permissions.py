"""Rules: for each action, the set of rows on which a person may take it.

A rule is a function from a person to a `Q` over one model. Lists, details, buttons, the API and the
transitions all ask the same set, so that what is shown and what is allowed cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from .clock import now
from .compiled_rules import Permitted, ask, compiled_rule
from .refusals import Denied

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competencies.people.models import Person
    from competencies.trail.audit_reads import Reading

    Visitor: TypeAlias = Person | AnonymousUser | None  # whoever asks, signed in or not


EVERY_ROW = Q()
NO_ROW = Q(pk__in=())

Rows = Callable[["Person"], Q]
Row = TypeVar("Row", bound=Model)

_rules: dict[str, Rule] = {}


@dataclass(frozen=True)
class Rule:
    """One action, the model whose rows it is taken on, and the function that gives the rows.

    `reading` says how the trail names it when a row is shown through this rule; None where that is
    not written down. Every door that finds a row through the rule notes it by itself.
    """

    action: str
    model_label: str
    rows: Rows
    reading: Reading | None = None

    @property
    def model(self) -> type[Any]:
        return apps.get_model(self.model_label)

    def allowed(self, person: Visitor) -> Q:
        """Take a person, active or not; return the `Q` of rows, empty for anyone not signed in."""
        here = _here(person)
        return self.rows(here) if here else NO_ROW

    def allows(self, person: Visitor) -> Combinable | Q:
        """Return `allowed` as a condition that is asked row by row: for one row, or to be told of each."""
        return self._compiled(person) or self._written(person)

    def narrows(self, person: Visitor) -> Combinable | Q:
        """Return `allowed` as a condition by whose indexes rows are found: for a list."""
        return self._compiled(person, narrowing=True) or self.allowed(person)

    def permits(self, person: Visitor, pk: object) -> bool:
        """Return True if the row with this key is one of `allowed`. One query."""
        here = _here(person)
        compiled = here and compiled_rule(self.rows, self.model, self.model._base_manager.db)
        if here and compiled:
            return ask(compiled, self.model, pk, here.pk)
        rows: QuerySet[Model] = self.model._base_manager.filter(self.allowed(person), pk=pk)
        return rows.exists()

    def _written(self, person: Visitor) -> Exists:
        rows = self.model._base_manager.filter(self.allowed(person))
        return Exists(rows.filter(pk=OuterRef("pk")))

    def _compiled(self, person: Visitor, *, narrowing: bool = False) -> Permitted | None:
        """Return the rule as SQL that is compiled once; None where it has to be asked as it is written."""
        here = _here(person)
        if here is None or compiled_rule(self.rows, self.model, self.model._base_manager.db) is None:
            return None
        return Permitted(self.rows, self.model, here.pk, now(), narrowing)


def _here(person: Visitor) -> Person | None:
    return cast("Person", person) if getattr(person, "is_active", False) else None  # nobody else is active


def rule(action: str, on: str, reading: Reading | None = None) -> Callable[[Rows], Rows]:
    """Register the decorated function as the rule of `action` (`"app.verb_noun"`) on model `on`.

    `reading` is the `Reading` of rows that are shown through it, where somebody's record is.

    Refuses a second rule for the same action with `ValueError`.
    """

    def register(rows: Rows) -> Rows:
        if action in _rules:
            raise ValueError(f"two rules for {action}")
        _rules[action] = Rule(action, on, rows, reading)
        return rows

    return register


def rule_of(action: str) -> Rule:
    """Return the `Rule` of an action; `KeyError` for an action that nobody declared."""
    return _rules[action]


def every_rule() -> list[Rule]:
    """Return all rules, ordered by action."""
    return [_rules[action] for action in sorted(_rules)]


def may(person: Visitor, action: str, row: Model | None) -> bool:
    """Return True if `person` may take `action` on `row` now. One query."""
    rule = rule_of(action)
    if row is None or row.pk is None or not isinstance(row, rule.model):
        return False
    return rule.permits(person, row.pk)


def demand(person: Visitor, action: str, row: Model | None) -> None:
    """Return quietly when `person` may take `action` on `row`; refuse with `Denied` otherwise."""
    if not may(person, action, row):
        raise Denied(action)


def locked(person: Visitor, action: str, row: Row) -> Row:
    """Return `row` as it stands, locked until the transaction ends; refuse with `Denied` as `demand` does.

    The question is asked under the lock: of two who come at once, the second is told what the first
    left. The lock lets others go on pointing at the row, as every trail entry does at people.
    """
    row = type(row)._base_manager.select_for_update(no_key=True).get(pk=row.pk)
    demand(person, action, row)
    return row
