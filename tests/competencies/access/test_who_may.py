"""Every rule of people, evidence and reviews, asked of every person in every state, against `table.py`."""

from functools import partial
from unittest import mock

import pytest
from django.db.models import Q
from django.test import TestCase

from competencies.access import rules
from competencies.access.rules import EVERY_ROW, NO_ROW, Rule, every_rule, may
from competencies.reviews.models import Assessment, Rating

from .company import CAST, build
from .table import WHO_MAY

APPS = {"people", "evidence", "reviews"}
WRITE, SUBMIT = "reviews.write_assessment", "reviews.submit_assessment"
# Conditions that others imply today, so that leaving one out changes nothing: the braces to a belt.
IMPLIED = {
    *((action, "author") for action in (WRITE, SUBMIT)),  # each side has one author
    *((action, "kind") for action in (WRITE, SUBMIT)),
    *((action, "review__subject") for action in (WRITE, SUBMIT)),
    *((action, "review__manager") for action in (WRITE, SUBMIT)),
    *((action, "review__cycle__opening__isnull") for action in (WRITE, SUBMIT, "reviews.reopen_assessment")),
    ("reviews.aim_review", "cycle__opening__isnull"),  # opening is what makes reviews
    ("reviews.hand_over_review", "cycle__opening__isnull"),
    ("reviews.read_cycle", "opening__isnull"),
    ("reviews.discuss_review", "reveal__isnull"),  # both in, so revealed
    ("reviews.read_assessment", "Exists"),  # HR who is no side reads what is in before the reveal too
}


def rules_of_the_table():
    return [rule for rule in every_rule() if rule.action.split(".")[0] in APPS]


def by_the_table(action):
    """Return what the table says of an action: `{name of the row: names of people}`."""
    entry = WHO_MAY.get(action, {})
    return {label: set(names.split()) for names, labels in entry.items() for label in labels}


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


class TableTest(TestCase):
    """A class, so that the company is built once (`setUpTestData`) and not for each test."""

    @classmethod
    def setUpTestData(cls):
        cls.company = build()

    def who_may(self, rule):
        """Return whom `rule` lets act, in the form of `by_the_table`."""
        allowed = {
            name: set(rule.model._base_manager.filter(rule.allowed(person)).values_list("pk", flat=True))
            for name, person in self.company.people.items()
        }
        found = {
            label: {name for name in CAST if row.pk in allowed[name]}
            for label, row in self.company.rows[rule.model_label].items()
        }
        return {label: names for label, names in found.items() if names}

    def test_every_rule_has_its_place_in_the_table_and_the_table_no_other(self):
        assert {rule.action for rule in rules_of_the_table()} == set(WHO_MAY)

    def test_the_table_names_each_row_once_and_none_that_does_not_exist(self):
        for rule in rules_of_the_table():
            labels = [label for several in WHO_MAY[rule.action].values() for label in several]
            assert len(labels) == len(set(labels)), rule.action
            assert set(labels) <= set(self.company.rows[rule.model_label]), rule.action

    def test_each_may_do_what_the_table_says_and_nothing_else(self):
        for rule in rules_of_the_table():
            with self.subTest(rule.action):
                assert self.who_may(rule) == by_the_table(rule.action)

    def test_the_table_notices_each_rule_that_is_thrown_open_or_shut(self):
        """Without this, an action could pass because none of the rows here tells its rule from another."""
        unnoticed = []
        for rule in rules_of_the_table():
            for rows in (EVERY_ROW, NO_ROW):
                changed = Rule(rule.action, rule.model_label, lambda person, rows=rows: rows)
                if self.who_may(changed) == by_the_table(rule.action):
                    unnoticed.append((rule.action, rows))
        print(*unnoticed, sep="\n")
        assert unnoticed == []

    def test_the_table_notices_each_condition_that_is_dropped(self):
        somebody, unnoticed = self.company.people["hana"], set()
        for rule in rules_of_the_table():
            for path in paths(rule.rows(somebody)):
                changed = Rule(rule.action, rule.model_label, partial(less, rule.rows, path))
                if self.who_may(changed) == by_the_table(rule.action):
                    unnoticed.add((rule.action, part(rule.rows(somebody), path)))
        assert unnoticed == IMPLIED

    def test_asking_about_one_row_answers_as_the_list_does(self):
        for rule in rules_of_the_table():
            expected, rows = by_the_table(rule.action), self.company.rows[rule.model_label]
            for label in list(rows)[:4]:
                for name in ("lena", "mara", "fay", "hana", "gone"):
                    said = may(self.company.people[name], rule.action, rows[label])
                    assert said == (name in expected.get(label, ())), (rule.action, label, name)

    def test_nobody_but_the_author_sees_a_draft(self):
        """The canary: nothing that anybody may read of assessments holds a draft of somebody else."""
        for person in self.company.people.values():
            readable = Assessment.objects.allowing(person, "reviews.read_assessment")
            assert not readable.unsubmitted().exclude(author=person).exists(), person
            ratings = Rating.objects.filter(assessment__in=readable).exclude(assessment__author=person)
            assert not ratings.filter(comment="A draft.").exists(), person

    def test_the_canary_sings_when_the_rule_is_thrown_open(self):
        action = "reviews.read_assessment"
        opened = Rule(action, "reviews.Assessment", lambda person: EVERY_ROW)
        with mock.patch.dict(rules._rules, {action: opened}), pytest.raises(AssertionError):
            self.test_nobody_but_the_author_sees_a_draft()

    def test_neither_side_reads_the_other_before_the_reveal(self):
        blind = Assessment.objects.filter(review__reveal=None, review__cycle__blind=True)
        for name, other in (("lena", "mara"), ("mara", "lena"), ("hana", "dora"), ("hana", "ines")):
            readable = blind.allowing(self.company.people[name], "reviews.read_assessment")
            assert not readable.filter(author=self.company.people[other]).exists(), (name, other)
