"""Every rule with one thing changed, against the table: what the table lets through is a hole in it.

Of each module a run asks some changes, others each day; LADDER_LONG=1 asks all.
"""

from unittest import mock

import pytest

from competencies.core import permissions
from competencies.core.clock import today
from competencies.core.compiled_rules import forget_compiled_rules
from competencies.core.permissions import NO_ROW, every_rule, rule_of
from competencies.trail import visibility
from tests.drawing import by_chance, drawn

from .asking import CompanyTest
from .mutating import load, modules, mutants_of, source_of

AT_LEAST, ONE_IN = 4, 30  # of the changes of a module
# Changes that change nothing, each with what makes it so.
EQUIVALENT = {
    "promotions.choose_cycle: person.reports() -> person.below()": "whoever has one has the other",
    "framework.keep_quiet: 'edition.published' -> ''": "which digests are told is asked of pages",
    "personal_data.erase_person: left & ~Q(pk=person.pk) -> left": "whoever left holds no right at all",
}


class MutantsTest(CompanyTest):
    compiled_of_a_mutant = False  # whether a rule may be kept as it was with the change before

    @pytest.mark.slow
    def test_no_change_of_a_rule_goes_unnoticed(self):
        survivors, asked = [], set()
        self.addCleanup(forget_compiled_rules)
        for module in modules():
            _rules, kept = load(module, compile(source_of(module), module, "exec"))
            mutants = list(mutants_of(module))
            names = sorted({mutant.name for mutant in mutants}, key=by_chance)
            of_this_run = set(drawn(names, max(AT_LEAST, len(names) // ONE_IN)))
            asked |= of_this_run
            for mutant in mutants:
                if mutant.name not in of_this_run:
                    continue
                if self.survives(mutant, kept):
                    survivors.append(mutant)
        print(f"{len(asked)} mutants, {len(survivors)} survivors", *survivors, sep="\n")
        assert {mutant.name for mutant in survivors} == asked & set(EQUIVALENT)

    def survives(self, mutant, own):
        changed, kept = mutant.loaded()
        kept = {name: kept[name] | (getattr(visibility, name) - own[name]) for name in own}
        with mock.patch.dict(permissions._rules, changed), mock.patch.multiple(visibility, **kept):
            is_read_by_rules = mutant.function not in {rule.rows.__name__ for rule in changed.values()}
            if is_read_by_rules or self.compiled_of_a_mutant:
                forget_compiled_rules()  # some read in Python what is changed
            self.compiled_of_a_mutant = is_read_by_rules
            return self.notices(self.nearest(mutant, changed)) is None and self.notices_anywhere() is None

    def nearest(self, mutant, changed):
        """Return the rules of the changed module, those first that are likely to tell."""
        if mutant.function == "keep_quiet":
            return [rule_of("trail.read_entry")]
        return sorted(changed.values(), key=lambda rule: rule.rows.__name__ != mutant.function)

    def test_whoever_left_holds_no_right_at_all(self):
        gone = [
            person
            for person in self.company.people.values()
            if person.leaves_on and person.leaves_on <= today()
        ]
        assert {person.name for person in gone} == {"Lou", "Nemo", "Gone"}
        for rule in every_rule():
            assert all(rule.allowed(person) == NO_ROW for person in gone), rule.action
