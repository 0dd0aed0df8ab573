"""A rule that is compiled once says of every row, person and instant what it says as it is written.

Of people and instants a run asks some for each rule, others each day; LADDER_LONG=1 asks all.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError, connection, models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.db.models.lookups import Exact
from django.test import override_settings
from django.utils import timezone

from competencies.core import permissions
from competencies.core.clock import Calendar, calendar_held, day_of, now, standing_at, today, zone
from competencies.core.compiled_rules import _compile, compiled_rule, forget_compiled_rules
from competencies.core.permissions import EVERY_ROW, NO_ROW, Rule, every_rule, rule_of
from competencies.core.probing import NotCompilable
from competencies.people.models import Person, ReportingLine
from competencies.reviews.models import Review
from tests.drawing import DAY, LONG, by_chance

from .asking import CompanyTest
from .cast import CAST

ONE_IN = 48
OF_NOW = ("lena", "mara", "hana")
BERLIN = "Europe/Berlin"
TICK = timedelta(microseconds=1)


def instants(company):
    """Return `{name: instant}`: those at which the answer of a rule may turn, in Berlin, and around them."""
    day = timedelta(days=1)
    leaves = company.people["hugo"].leaves_on
    with override_settings(TIME_ZONE=BERLIN):
        midnight, gone = (
            datetime.combine(on, datetime.min.time(), timezone.get_default_timezone()).astimezone(UTC)
            for on in (today() + day, leaves)
        )
    return {
        "now": now(),
        "before midnight": midnight - TICK,
        "midnight": midnight,
        "the evening in Berlin": midnight - timedelta(minutes=30),
        "the day before yesterday": now() - 2 * day,
        "a month on": now() + 31 * day,
        "before Hugo leaves": gone - TICK,
        "when Hugo leaves": gone,
        "before summer time": datetime(2026, 3, 28, 23, 0, tzinfo=UTC) - TICK,
        "summer time": datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        "the night of summer time": datetime(2026, 3, 29, 22, 0, tzinfo=UTC),
        "winter time": datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
        "before the night of winter time": datetime(2026, 10, 25, 23, 0, tzinfo=UTC) - TICK,
    }


def is_drawn(at, action, who):
    """Say whether a case is asked in this run: each rule is asked now, of one of some people at least."""
    of_now = at == "now" and who == OF_NOW[(DAY + by_chance(action)) % len(OF_NOW)]
    return LONG or of_now or by_chance(f"{at} {action} {who}") % ONE_IN == DAY % ONE_IN


class EveryRuleTest(CompanyTest):
    def answers(self, rule, person):
        """Return the keys of the rows on which `person` may act, in each of the ways a rule is asked."""
        every, written = rule.model._base_manager.order_by(), rule.allowed(person)
        marked = every.annotate(allowed=rule.allows(person)).values_list("pk", "allowed")
        return {
            "as written": set(every.filter(written).values_list("pk", flat=True)),
            "in a list": set(every.filter(rule.narrows(person)).values_list("pk", flat=True)),
            "row by row": set(every.filter(rule.allows(person)).values_list("pk", flat=True)),
            "told of each": {pk for pk, allowed in marked if allowed is True},
            "told of the others": {pk for (pk,) in every.values_list("pk")}
            - {pk for pk, allowed in marked if allowed is False},
        }

    @pytest.mark.slow
    def test_every_rule_says_the_same_of_every_row_and_person_at_every_instant(self):
        asked = told = 0
        with override_settings(TIME_ZONE=BERLIN):
            for name, at in instants(self.company).items():
                with standing_at(at):
                    for rule in every_rule():
                        for who in CAST:
                            if is_drawn(name, rule.action, who):
                                found = self.answers(rule, self.company.people[who])
                                assert len({frozenset(keys) for keys in found.values()}) == 1, (
                                    rule.action,
                                    who,
                                    name,
                                    found,
                                )
                                asked += 1
                                told += bool(found["as written"])
        assert told > asked / 10  # and not only that nobody may do anything

    @pytest.mark.slow
    def test_every_rule_says_the_same_after_a_change_of_zone(self):
        """Rules compiled before it hold on the day that goes on, and on the one that begins at once."""
        for name, at in instants(self.company).items():
            for to in ("America/New_York", "Pacific/Auckland"):
                with standing_at(at), override_settings(TIME_ZONE=BERLIN):
                    changed = Calendar(ZoneInfo(to), at - TICK, today())
                    with calendar_held(changed):
                        for rule in every_rule():
                            for who in CAST:
                                if is_drawn(f"{name} in {to}", rule.action, who):
                                    found = self.answers(rule, self.company.people[who])
                                    assert len({frozenset(keys) for keys in found.values()}) == 1, (
                                        rule.action,
                                        who,
                                        name,
                                        to,
                                    )

    def test_one_row_is_permitted_as_it_is_listed(self):
        for rule in every_rule():
            keys = list(rule.model._base_manager.order_by("pk").values_list("pk", flat=True))
            for who in ("lena", "mara", "hana", "lou"):
                person = self.company.people[who]
                listed = set(
                    rule.model._base_manager.filter(rule.allowed(person)).values_list("pk", flat=True)
                )
                for pk in [*keys[:2], *keys[-2:]]:
                    assert rule.permits(person, pk) == (pk in listed), (rule.action, who, pk)

    def test_every_rule_is_compiled(self):
        forget_compiled_rules()
        refused = {
            rule.action for rule in every_rule() if compiled_rule(rule.rows, rule.model, "default") is None
        }
        assert refused == set()

    def test_no_table_of_its_subqueries_is_named_as_one_of_a_statement_around_it_could_be(self):
        for rule in every_rule():
            asked, _params = compiled_rule(rule.rows, rule.model, "default").question("%s", (1,), 1, now())
            unquoted = asked.split('"')[::2]
            assert not re.search(r"\b[A-Z]+\d+\b", " ".join(unquoted)), rule.action


pytestmark = pytest.mark.django_db


def compiles(rows, model=Person):
    try:
        return _compile(rows, model, "default")
    except NotCompilable:
        return None


def keys(rows):
    return sorted(rows.order_by().values_list("pk", flat=True))


def test_a_rule_that_asks_the_database_is_asked_as_written():
    assert compiles(lambda person: Q(pk__in=list(Person.objects.values_list("pk", flat=True)))) is None


@pytest.mark.parametrize("name", ["team", "leaves_on", "manages", "roles", "is_active"])
def test_a_rule_that_reads_more_of_a_person_than_the_key_is_asked_as_written(name):
    assert compiles(lambda person: Q(team=str(getattr(person, name)))) is None


def test_a_rule_that_branches_on_the_key_in_its_text_is_asked_as_written():
    first = []

    def rows(person):
        first.append(person.pk)
        return Q(pk=person.pk) if len(first) == 1 else Q(team="", pk=person.pk)

    assert compiles(rows) is None


def test_a_rule_that_reckons_with_the_key_is_asked_as_written():
    assert compiles(lambda person: Q(pk=person.pk + 1)) is None


def test_a_rule_that_reads_the_zone_of_whoever_reads_is_asked_as_written():
    assert compiles(lambda person: Q(erased_at__date=today())) is None
    assert compiles(lambda person: Q(erased_at__gt=now())) is not None


def test_a_rule_that_reads_the_name_of_the_organisations_zone_is_asked_as_written():
    def rows(person):
        return Q(Exact(TruncDate("erased_at", tzinfo=zone()), today()))

    assert compiles(rows) is None


def test_an_instant_some_time_ago_is_that_time_ago_whenever_it_is_asked(sam):
    def rows(person):
        return Q(erased_at__lte=now() - timedelta(days=30))

    compiled, at = compiles(rows), now()
    Person.objects.filter(pk=sam.pk).update(erased_at=at)
    rule = Rule("people.read_old", "people.Person", rows)
    assert len(compiled.own.holes) == 1
    for later, found in ((timedelta(days=30) - TICK, False), (timedelta(days=30), True)):
        with standing_at(at + later):
            assert rule.permits(sam, sam.pk) is found


def test_while_the_database_is_away_a_rule_is_asked_as_written_and_compiled_later(sam, monkeypatch):
    def away():
        raise OperationalError("away")

    def rows(person):
        return Q(pk=person.pk)

    monkeypatch.setattr(connection, "ensure_connection", away)
    assert compiled_rule(rows, Person, "default") is None
    monkeypatch.undo()
    assert compiled_rule(rows, Person, "default") is not None


def test_rules_true_everywhere_and_nowhere_stay_so(sam, mara):
    everywhere = Rule("people.read_all", "people.Person", lambda person: EVERY_ROW)
    nowhere = Rule("people.read_none", "people.Person", lambda person: NO_ROW)

    people = Person.objects.order_by()
    assert people.filter(everywhere.narrows(sam)).count() == people.count()
    assert people.filter(everywhere.allows(sam)).count() == people.count()
    assert not people.filter(nowhere.narrows(sam)).exists()
    assert set(people.annotate(a=nowhere.allows(sam)).values_list("a", flat=True)) == {False}
    assert set(people.annotate(a=everywhere.allows(sam)).values_list("a", flat=True)) == {True}
    assert everywhere.permits(sam, mara.pk)
    assert not nowhere.permits(sam, mara.pk)


def test_the_clock_is_that_of_when_it_was_asked_not_of_when_it_is_answered(mara, sam):
    with standing_at(datetime(2001, 1, 1, tzinfo=UTC)):
        long_ago = Person.objects.allowing(mara, "people.read_person")
        marked = Person.objects.marking(mara, may="people.read_person").filter(pk=sam.pk)

    assert sam not in long_ago
    assert [person.may for person in marked] == [False]
    assert sam in Person.objects.allowing(mara, "people.read_person")


def test_the_day_is_that_of_the_zone_of_the_organisation():
    def rows(person):
        return Q(leaves_on=today())

    compiled = compiles(rows)
    at = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    for name in ("UTC", BERLIN, "America/Lima"):
        with override_settings(TIME_ZONE=name):
            (day,) = compiled.own.filled(1, at)
            assert str(day) == str(day_of(at)), name


def test_a_swapped_rule_is_asked_instead_of_the_one_before(monkeypatch, sam, mara):
    action = "people.read_person"
    assert not Person.objects.allowing(sam, action).filter(pk=mara.pk).exists()
    changed = Rule(action, "people.Person", lambda person: EVERY_ROW)
    monkeypatch.setitem(permissions._rules, action, changed)
    assert Person.objects.allowing(sam, action).filter(pk=mara.pk).exists()


def test_it_stands_in_a_subquery_whose_table_has_another_name(mara, sam, revealed):
    readable = Person.objects.allowing(mara, "people.read_person")
    reviews = Review.objects.filter(Exists(readable.filter(pk=OuterRef("subject"))))
    deeper = Person.objects.filter(
        Exists(Review.objects.filter(subject=OuterRef("pk"), subject__in=readable.values("pk")))
    )

    assert keys(reviews) == keys(Review.objects.filter(subject__in=keys(readable)))
    assert keys(deeper) == keys(Person.objects.filter(reviews__subject__in=keys(readable)).distinct())


def test_it_is_counted_grouped_joined_ordered_and_sliced(mara, hana, sam):
    action = "people.read_person"
    readable = keys(Person.objects.allowing(mara, action))
    marked = Person.objects.marking(mara, may=action)

    assert Person.objects.allowing(mara, action).count() == len(readable)
    grouped = marked.annotate(reporting=Count("lines")).order_by("pk")
    assert [person.pk for person in grouped if person.may] == readable
    assert sorted(person.pk for person in marked.order_by("-may", "pk")[: len(readable)]) == readable
    assert keys(marked.filter(may=True)) == readable
    assert keys(marked.exclude(may=True)) == keys(Person.objects.exclude(pk__in=readable))
    assert keys(Person.objects.allowing(mara, action) | Person.objects.filter(pk=hana.pk)) == sorted(
        {*readable, hana.pk}
    )
    assert keys(Person.objects.exclude(pk__in=Person.objects.allowing(mara, action))) == keys(
        Person.objects.exclude(pk__in=readable)
    )
    assert marked.values("may").annotate(n=Count("pk")).order_by("may").count() == 2
    assert marked.aggregate(n=Count("pk", filter=Q(may=True)))["n"] == len(readable)


def test_it_chooses_what_is_changed_and_taken_away(mara, sam):
    readable = keys(Person.objects.allowing(mara, "people.read_person"))

    assert Person.objects.allowing(mara, "people.read_person").update(team="Ours") == len(readable)
    assert keys(Person.objects.filter(team="Ours")) == readable
    assert ReportingLine.objects.filter(
        person__in=Person.objects.allowing(mara, "people.read_person")
    ).exists()


def test_a_row_that_holds_nothing_is_told_as_no_and_not_as_nothing(sam, case):
    """A comparison with an empty column is neither true nor false in SQL."""
    for rule in every_rule():
        told = rule.model._base_manager.annotate(told=rule.allows(sam)).values_list("told", flat=True)
        assert None not in set(told), rule.action


def test_it_does_not_hang_on_the_zone_of_whoever_asks_first(mara, sam):
    forget_compiled_rules()
    with timezone.override("Pacific/Kiritimati"):
        assert rule_of("people.read_person").permits(mara, sam.pk)
    with timezone.override("Pacific/Apia"):
        assert rule_of("people.read_person").permits(mara, sam.pk)


def test_a_question_about_one_row_costs_one_query(mara, sam, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert rule_of("people.read_person").permits(mara, sam.pk)


def test_an_expression_and_a_condition_can_be_negated_and_joined(mara, sam):
    allows = rule_of("people.read_person").allows(mara)
    readable = keys(Person.objects.allowing(mara, "people.read_person"))

    assert keys(Person.objects.filter(~Q(allows))) == keys(Person.objects.exclude(pk__in=readable))
    assert keys(Person.objects.filter(Q(allows) | Q(pk=mara.pk))) == sorted({*readable, mara.pk})
    assert keys(Person.objects.filter(Q(allows) & Q(pk=F("pk")))) == readable
    assert isinstance(allows.output_field, models.BooleanField)


@pytest.mark.parametrize("key", [2**63 - 1, 2**63, -(2**63) - 1, 10**20, "99999999999999999999"])
def test_nobody_may_act_on_a_row_whose_number_no_column_holds(mara, key):
    assert rule_of("people.read_person").permits(mara, key) is False
