"""The queryset every domain model shares: rows by what a person may do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db.models import Model, QuerySet

from .permissions import rule_of

if TYPE_CHECKING:
    from .permissions import Rule, Visitor


Row = TypeVar("Row", bound=Model, covariant=True)


class Guarded(QuerySet[Row]):
    """Rows that know which of them a person may act on."""

    def allowing(self, person: Visitor, action: str) -> Self:
        """Keep the rows on which `person` may take `action`."""
        return self.filter(self._rule(action).narrows(person))

    def marking(self, person: Visitor, **actions: str) -> Self:
        """Annotate each row with a boolean per keyword: `marking(me, may_edit="reviews.write")`."""
        return self.annotate(**{name: self._rule(action).allows(person) for name, action in actions.items()})

    def _rule(self, action: str) -> Rule:
        rule = rule_of(action)
        if rule.model is not self.model:
            raise ValueError(f"{action} is a rule on {rule.model_label}, not on {self.model._meta.label}")
        return rule
