"""What is compiled once gives the rows that it gives when it is built each time."""

import inspect
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.db.models import Prefetch
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

import ladder.urls  # noqa: F401  what pages prepare is declared where they are
from competencies.core import prepared as prepared_module
from competencies.core.clock import now, standing_at, today
from competencies.core.prepared import forget_prepared_statements, prepare, prepared, prepared_functions
from competencies.core.probing import NotCompilable
from competencies.people.models import Person, ReportingLine, RoleGrant

from .asking import CompanyTest
from .cast import CAST

pytestmark = pytest.mark.django_db
PEOPLE = {"person", "reader", "visitor"}
LISTS = {"people", "editions", "frameworks", "reviews", "pks"}


def kinds_of(build):
    """Return what the arguments of a function are, by their names: `subjects` are several keys."""
    return tuple(
        "person" if name in PEOPLE else 3 if name in LISTS else "key"
        for name in inspect.signature(build).parameters
    )


@pytest.mark.parametrize("build", prepared_functions, ids=lambda build: build.__qualname__)
def test_each_is_compiled(build):
    assert prepare(build, kinds_of(build)).sql


class EverybodyTest(CompanyTest):
    def test_each_gives_everybody_what_it_gives_when_it_is_built(self):
        given = 0
        for later in (timedelta(), timedelta(days=31), timedelta(days=-40)):
            with standing_at(self.at + later):
                for build in prepared_functions:
                    if set(kinds_of(build)) - {"person"}:
                        continue
                    for name in CAST:
                        somebody = self.company.people[name]
                        asked = [somebody for _kind in kinds_of(build)]
                        built = list(build(*asked))
                        assert whole(prepared_as_pages_do(build)(*asked)) == whole(built), (build, name)
                        given += len(built)
        assert given > 200


def whole(rows):
    """Return rows in an order of their own, as a database gives equal ones in any."""
    return sorted(row.pk if hasattr(row, "pk") else row for row in rows)


def prepared_as_pages_do(build):
    rows = prepared(build)
    prepared_functions.pop()
    return rows


def quietly(build):
    """Prepare a function of a test, which no list of the product's is to hold."""
    return prepared_as_pages_do(build)


@quietly
def lines_of(person):
    return ReportingLine.objects.current().filter(manager=person).select_related("person")


@quietly
def people_leaving(key):
    return Person.objects.filter(leaves_on__gt=today(), pk=key)


def test_a_statement_stands_from_one_asking_to_the_next(mara, noor):
    with CaptureQueriesContext(connections["default"]) as queries:
        mine, theirs = lines_of(mara), lines_of(noor)

    assert len(queries) == 2
    assert {line.manager_id for line in mine} == {mara.pk}
    assert {line.manager_id for line in theirs} == {noor.pk}
    assert all(line.person.name for line in mine)


def test_what_is_joined_is_read_with_it(mara, django_assert_num_queries):
    lines_of(mara)
    with django_assert_num_queries(1):
        assert [line.person.name for line in lines_of(mara)]


def test_rows_are_those_of_the_moment(mara, sam):
    before = lines_of(mara)
    with standing_at(datetime(2001, 1, 1, tzinfo=UTC)):
        assert lines_of(mara) == []
    assert lines_of(mara) == before
    assert lines_of(mara) is not before


def test_the_day_is_that_of_the_organisation(sam):
    Person.objects.filter(pk=sam.pk).update(leaves_on=datetime(2031, 6, 2, tzinfo=UTC).date())
    evening = datetime(2031, 6, 1, 22, 30, tzinfo=UTC)
    for zone, found in (("UTC", True), ("Europe/Berlin", False)):
        with override_settings(TIME_ZONE=zone), standing_at(evening):
            assert bool(people_leaving(sam.pk)) is found, zone


def test_who_left_is_given_what_is_built_for_them(gone):
    @quietly
    def readable(person):
        return Person.objects.allowing(person, "people.read_person")

    assert readable(gone) == []


@pytest.mark.parametrize(
    "build",
    [
        lambda person: Person.objects.filter(pk__in=list(Person.objects.values_list("pk", flat=True))),
        lambda person: Person.objects.filter(name=person.name),
        lambda person: person.lines.all(),
        lambda person: Person.objects.filter(pk=person.pk).prefetch_related(
            Prefetch("lines", ReportingLine.objects.filter(manager=person))
        ),
        lambda person: Person.objects.none(),
        lambda person: Person.objects.filter(pk=person.pk + 1),
    ],
    ids=["asks the database", "reads a name", "a manager of rows", "rows beside", "nothing", "reckons"],
)
def test_what_depends_on_more_is_built_each_time(build, mara):
    with pytest.raises(NotCompilable):
        prepare(build, ("person",))

    assert list(quietly(build)(mara)) == list(build(mara))


def test_a_name_or_a_row_as_argument_is_built_each_time(mara):
    @quietly
    def called(name):
        return Person.objects.filter(name=name)

    assert called("Mara") == [mara]
    assert called(name="Mara") == [mara]


def test_rows_beside_are_read_by_their_names(mara, django_assert_num_queries):
    @quietly
    def people(person):
        return Person.objects.filter(pk=person.pk).prefetch_related("lines")

    lines = list(mara.lines.all())
    people(mara)
    with django_assert_num_queries(2):
        (one,) = people(mara)
        assert list(one.lines.all()) == lines


def test_lists_of_keys_may_be_of_any_length(mara, sam, kit):
    @quietly
    def called(people):
        return Person.objects.filter(pk__in=people).order_by("pk")

    for keys in ([mara.pk], [sam.pk, kit.pk], [kit.pk, mara.pk, sam.pk], [mara.pk, mara.pk], [], [-1] * 200):
        assert called(keys) == list(Person.objects.filter(pk__in=keys).order_by("pk"))


def test_values_are_values(hana):
    @quietly
    def roles(person):
        return RoleGrant.objects.in_force().filter(person=person).values_list("role", flat=True)

    assert roles(hana) == ["hr"]


def test_it_is_asked_by_the_connection_of_whoever_asks(mara, monkeypatch):
    """A connection belongs to one thread, and what is kept to all."""

    class OfAnotherThread(Exception):
        pass

    class Connection:
        features = connections["default"].features

        def cursor(self):
            raise OfAnotherThread

    lines_of(mara)
    monkeypatch.setattr(prepared_module, "connections", {"default": Connection()})
    with pytest.raises(OfAnotherThread):
        lines_of(mara)


def test_what_was_kept_is_forgotten_when_asked(mara):
    forget_prepared_statements()
    assert lines_of(mara) == list(ReportingLine.objects.on(day=now().date()).filter(manager=mara))
