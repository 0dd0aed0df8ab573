"""Every condition of every rule left out once: the table of who may what has to notice.

A run leaves out some, others each day; LADDER_LONG=1 leaves out all.
"""

from collections import defaultdict
from functools import partial

from django.db.models import Q

from competencies.core.permissions import Rule, every_rule
from tests.drawing import drawn

from .asking import CompanyTest

# Conditions that others imply, so that leaving one out changes nothing, each with what makes it so.
IMPLIED = {
    ("promotions.read_rationale", "subject"): "the candidate is taken out again",
    ("promotions.read_rationale", "sharing__isnull"): "the candidate is taken out again",
    ("promotions.read_rationale", "Q"): "the candidate is taken out again, who writes along",
    ("records.erase_person", "Q"): "whoever left holds no right at all, on themselves neither",
}


def paths(condition):
    """Yield the place of every part of a `Q` that could be left out: indexes, outermost first."""
    if len(condition.children) > 1:
        yield from ((index,) for index in range(len(condition.children)))
    for index, child in enumerate(condition.children):
        if isinstance(child, Q):
            yield from ((index, *rest) for rest in paths(child))


def without(condition, path):
    """Return a `Q` less the part at `path`."""
    index, *rest = path
    children = list(condition.children)
    if rest:
        children[index] = without(children[index], rest)
    else:
        del children[index]
    return Q.create(children, condition.connector, condition.negated)


def less(rows, path, person):
    """Return what the rule `rows` says of a person, less the part at `path`."""
    return without(rows(person), path)


def part(condition, path):
    """Return the name of the part of a `Q` at `path`: a field, or the kind of expression."""
    for index in path:
        condition = condition.children[index]
    return condition[0] if isinstance(condition, tuple) else type(condition).__name__


class ConditionsTest(CompanyTest):
    def test_the_table_notices_each_condition_that_is_dropped(self):
        """Each place at which a rule stands is asked of its own, also where one rule takes in another."""
        somebody, places = self.company.people["hana"], defaultdict(list)
        for rule in every_rule():
            for path in paths(rule.rows(somebody)):
                places[rule.action, part(rule.rows(somebody), path)].append((rule, path))
        asked, unnoticed = drawn(places, len(places) // 6), set()
        for name in asked:
            for rule, path in places[name]:
                changed = Rule(rule.action, rule.model_label, partial(less, rule.rows, path))
                if self.notices([changed]) is None:
                    unnoticed.add(name)
        assert unnoticed == set(IMPLIED) & set(asked)
