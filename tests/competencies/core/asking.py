"""Asking the rules what the table says: the company, and whether an answer differs."""

from django.test import TestCase

from competencies.core.clock import now, standing_at
from competencies.core.permissions import every_rule, rule_of

from .cast import CAST
from .company import build
from .tables import WHO_MAY

TELLING = sorted(CAST, key=lambda name: name not in ("hana", "mara", "dora", "aude", "otto", "lena"))


def by_the_table(action):
    """Return what the table says of an action: `{name of the row: names of people}`."""
    entry = WHO_MAY.get(action, {})
    return {label: set(names.split()) for names, labels in entry.items() for label in labels}


def built():
    """Build the company; return the instant at which it stands, and the company."""
    at = now()
    with standing_at(at):
        return at, build()


class CompanyTest(TestCase):
    """A class, so that the company is there once for all its tests: built, or `kept` and brought in."""

    kept = None

    @classmethod
    def setUpTestData(cls):
        cls.at, cls.company = cls.kept or built()
        cls.known = {
            label: {row.pk: name for name, row in rows.items()} for label, rows in cls.company.rows.items()
        }
        cls.said = {
            (rule.action, name): {row for row, names in by_the_table(rule.action).items() if name in names}
            for rule in every_rule()
            for name in CAST
        }

    def setUp(self):
        self.enterContext(standing_at(self.at))  # so that a row can end at this very instant

    def allowed(self, rule, name):
        """Return the names of the rows on which `rule` lets somebody act."""
        known = self.known[rule.model_label]
        rows = rule.model._base_manager.filter(rule.narrows(self.company.people[name]))
        return {known[pk] for pk in rows.values_list("pk", flat=True) if pk in known}

    def who_may(self, rule):
        """Return whom `rule` lets act, in the form of `by_the_table`."""
        found = {}
        for name in CAST:
            for label in self.allowed(rule, name):
                found.setdefault(label, set()).add(name)
        return found

    def notices(self, rules):
        """Return the first action for which one of `rules` differs from the table, or None."""
        return next(
            (
                rule.action
                for rule in rules
                if any(self.allowed(rule, name) != self.said[rule.action, name] for name in TELLING)
            ),
            None,
        )

    def notices_anywhere(self):
        return self.notices(rule_of(action) for action in WHO_MAY)
