"""What every rule can rely on, whatever it says."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from competencies.core import permissions
from competencies.core.permissions import EVERY_ROW, NO_ROW, Rule, demand, every_rule, locked, may
from competencies.core.refusals import Denied
from competencies.people.models import Person

pytestmark = pytest.mark.django_db
READ = "people.read_person"


@pytest.fixture
def for_everybody(monkeypatch):
    """Let the rule of reading people give everyone every row."""
    monkeypatch.setitem(permissions._rules, READ, Rule(READ, "people.Person", lambda person: EVERY_ROW))


def test_a_rule_is_declared_once():
    with pytest.raises(ValueError, match="two rules"):
        permissions.rule(READ, on="people.Person")(lambda person: EVERY_ROW)


def test_an_action_that_nobody_declared_is_an_error(sam):
    with pytest.raises(KeyError):
        sam.has_perm("people.read_minds", sam)


def test_a_list_asks_a_rule_on_its_own_model(sam):
    with pytest.raises(ValueError, match=r"not on people\.Person"):
        Person.objects.allowing(sam, "reviews.read_review")


@pytest.mark.parametrize("who", [AnonymousUser(), None, SimpleNamespace(pk=1)])
def test_a_rule_gives_nothing_to_nobody(for_everybody, who, sam):
    assert not may(who, READ, sam)
    assert not Person.objects.allowing(who, READ).exists()


def test_a_rule_gives_nothing_to_somebody_who_left(for_everybody, gone, sam):
    assert not may(gone, READ, sam)
    assert not gone.has_perm(READ, gone)


@pytest.mark.parametrize("row", [None, Person(), SimpleNamespace(pk=1)])
def test_a_row_that_is_none_of_the_model_is_refused(for_everybody, sam, row):
    assert not may(sam, READ, row)


def test_an_action_without_a_row_is_refused(for_everybody, sam):
    assert not sam.has_perm(READ)


def test_demand_refuses_in_words(sam, kit):
    with pytest.raises(Denied, match="You don’t have permission to do this") as refusal:
        demand(sam, READ, kit)

    assert refusal.value.details == {"action": READ}


def test_locked_returns_the_row_as_it_is_stored(hana, sam):
    Person.objects.filter(pk=sam.pk).update(title="Engineer of clocks")

    with transaction.atomic():
        assert locked(hana, READ, sam).title == "Engineer of clocks"


def test_locked_refuses_as_demand_does(sam, kit):
    with pytest.raises(Denied), transaction.atomic():
        locked(sam, READ, kit)


def test_the_mark_of_a_row_is_what_the_rule_says(mara, sam, kit):
    marked = {person.pk: person.may_read for person in Person.objects.marking(mara, may_read=READ)}

    assert marked == {pk: may(mara, READ, Person.objects.get(pk=pk)) for pk in marked}
    assert marked[sam.pk]
    assert not marked[kit.pk]


def test_marking_many_actions_costs_one_query(mara, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(Person.objects.marking(mara, a=READ, b="people.place_person", c="evidence.log_evidence"))


def test_no_row_and_every_row_are_what_they_say(db):
    assert Person.objects.filter(EVERY_ROW).count() == Person.objects.count()
    assert not Person.objects.filter(NO_ROW).exists()


def test_no_rule_doubles_a_row(sam, mara, hana, full_case, revealed):
    for rule in every_rule():
        for person in (sam, mara, hana):
            found = list(rule.model._base_manager.filter(rule.allowed(person)).values_list("pk", flat=True))
            assert len(found) == len(set(found)), rule.action
