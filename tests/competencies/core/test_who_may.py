"""Every rule, asked of every person on every row, against the tables."""

from unittest import mock

import pytest

from competencies.core import permissions
from competencies.core.permissions import EVERY_ROW, Rule, every_rule, may
from competencies.reviews.models import Assessment, Rating
from competencies.trail.visibility import actions_between, dated_actions, quiet_actions

from .asking import CompanyTest, by_the_table
from .rows.trail import BETWEEN, DATED, QUIET
from .tables import TABLES, WHO_MAY


class TableTest(CompanyTest):
    def test_every_rule_has_its_place_in_the_table_and_the_table_no_other(self):
        actions = {rule.action for rule in every_rule()}
        assert actions - set(WHO_MAY) == set(), "say who may in tests/competencies/core/tables/"
        assert set(WHO_MAY) - actions == set(), "no rules any more"

    def test_the_company_has_rows_of_each_model_that_a_rule_is_about(self):
        without = {rule.model_label for rule in every_rule()} - set(self.company.rows)
        assert without == set(), "make some in tests/competencies/core/rows/ and name them in company.py"

    def test_each_table_holds_the_actions_of_its_app(self):
        for table in TABLES:
            app = table.__name__.rpartition(".")[2]
            assert {action.split(".")[0] for action in table.WHO_MAY} == {app}

    def test_the_table_names_each_row_once_and_none_that_does_not_exist(self):
        for rule in every_rule():
            labels = [label for several in WHO_MAY[rule.action].values() for label in several]
            assert len(labels) == len(set(labels)), rule.action
            assert set(labels) <= set(self.company.rows[rule.model_label]), rule.action

    def test_each_may_do_what_the_table_says_and_nothing_else(self):
        for rule in every_rule():
            with self.subTest(rule.action):
                assert self.who_may(rule) == by_the_table(rule.action)

    def test_the_table_has_an_entry_of_the_trail_for_each_action_that_is_kept_back(self):
        assert quiet_actions() == sorted(QUIET)
        assert actions_between() == sorted(BETWEEN)
        assert dated_actions() == sorted(DATED)

    def test_asking_about_one_row_answers_as_the_list_does(self):
        for rule in every_rule():
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
        with mock.patch.dict(permissions._rules, {action: opened}), pytest.raises(AssertionError):
            self.test_nobody_but_the_author_sees_a_draft()

    def test_neither_side_reads_the_other_before_the_reveal(self):
        blind = Assessment.objects.filter(review__reveal=None, review__cycle__blind=True)
        for name, other in (("lena", "mara"), ("mara", "lena"), ("hana", "dora"), ("hana", "ines")):
            readable = blind.allowing(self.company.people[name], "reviews.read_assessment")
            authors = readable.filter(author=self.company.people[other])
            assert not authors.exclude(review__cycle__name="sides swapped").exists(), (name, other)
