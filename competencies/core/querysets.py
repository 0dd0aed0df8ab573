"""The queryset every domain model shares: rows by what a person may do with them."""

from django.db.models import Exists, OuterRef, QuerySet

from .permissions import rule_of


class Guarded(QuerySet):
    """Rows that know which of them a person may act on."""

    def allowing(self, person, action):
        """Keep the rows on which `person` may take `action`."""
        return self.filter(self._rule(action).allowed(person))

    def marking(self, person, **actions):
        """Annotate each row with a boolean per keyword: `marking(me, may_edit="reviews.write")`."""
        return self.annotate(**{name: self._mark(person, action) for name, action in actions.items()})

    def _mark(self, person, action):
        rows = self.model._base_manager.filter(self._rule(action).allowed(person))
        return Exists(rows.filter(pk=OuterRef("pk")))

    def _rule(self, action):
        rule = rule_of(action)
        if rule.model is not self.model:
            raise ValueError(f"{action} is a rule on {rule.model_label}, not on {self.model._meta.label}")
        return rule
