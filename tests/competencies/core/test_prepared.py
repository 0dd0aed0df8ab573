"""What is compiled once gives the rows that it gives when it is built each time."""

import inspect
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.db.models import Prefetch
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils.translation import get_language

import ladder.urls  # noqa: F401  what pages prepare is declared where they are
from competencies.core import prepared as prepared_module
from competencies.core.clock import now, standing_at, today
from competencies.core.prepared import (
    NUMBERS_AHEAD,
    NUMBERS_OF_KEYS,
    declared_kinds,
    forget_prepared_statements,
    prepare,
    prepared,
    prepared_functions,
    to_prepare,
)
from competencies.core.probing import NotCompilable, is_compiling
from competencies.people.models import Person, ReportingLine, RoleGrant
from tests.drawing import by_chance, drawn

from .asking import CompanyTest
from .cast import CAST

pytestmark = pytest.mark.django_db
PEOPLE = {"person", "reader", "visitor"}
LISTS = {"people", "managers", "editions", "frameworks", "pks", "reviews", "assessments"}


def kinds_of(build):
    """Return what the arguments of a function are, with three keys in each list."""
    (kinds,) = declared_kinds(build, [3])
    return kinds


@pytest.mark.parametrize("build", prepared_functions, ids=lambda build: build.__qualname__)
def test_each_declares_what_its_names_say(build):
    names = inspect.signature(build).parameters
    said = ("person" if name in PEOPLE else 3 if name in LISTS else "key" for name in names)

    assert kinds_of(build) == tuple(said)


@pytest.mark.parametrize("build", prepared_functions, ids=lambda build: build.__qualname__)
def test_each_is_compiled(build):
    assert prepare(build, kinds_of(build)).sql


class EverybodyTest(CompanyTest):
    """A run asks each function as some people at each time, others each day; LADDER_LONG=1 as everybody."""

    def test_each_gives_everybody_what_it_gives_when_it_is_built(self):
        given = 0
        for later in (timedelta(), timedelta(days=31), timedelta(days=-40)):
            with standing_at(self.at + later):
                for build in prepared_functions:
                    if set(kinds_of(build)) - {"person"}:
                        continue
                    people = sorted(CAST, key=lambda name, build=build: by_chance(f"{build.__name__} {name}"))
                    for name in drawn(people, 6):
                        somebody = self.company.people[name]
                        asked = [somebody for _kind in kinds_of(build)]
                        built = list(build(*asked))
                        assert whole(prepared_as_pages_do(build)(*asked)) == whole(built), (build, name)
                        given += len(built)
        assert given > 50


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


@pytest.mark.parametrize("key", [2**63 - 1, 2**63, -(2**63) - 1, 10**20])
def test_nobody_has_a_key_that_no_column_holds(key):
    assert people_leaving(key) == []


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


def test_all_that_is_declared_is_prepared_ahead_without_a_question(django_assert_num_queries):
    forget_prepared_statements()
    with django_assert_num_queries(0):
        for make in to_prepare():
            make()
    made = prepared_module._kept.cache_info().misses

    for build in prepared_functions:
        for kinds in declared_kinds(build, set(NUMBERS_AHEAD) - {0}):
            assert prepared_module._kept(build, kinds, get_language()), (build, kinds)
    assert prepared_module._kept.cache_info().misses == made > len(prepared_functions)
    assert set(NUMBERS_AHEAD) < set(NUMBERS_OF_KEYS)


def test_what_locks_rows_is_prepared_ahead_by_a_thread_of_its_own():
    """It has a connection of its own, in no transaction."""

    def make_all():
        try:
            return [make() for make in to_prepare()]
        finally:
            connections.close_all()

    forget_prepared_statements()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(make_all).result()


def test_what_declares_nothing_is_not_passed_over():
    def undeclared(person):
        return Person.objects.filter(pk=person.pk)

    with pytest.raises(KeyError):
        declared_kinds(undeclared, [1])


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        *((one, "person") for one in (Person, "Person")),
        *((one, "key") for one in (int, "int")),
        *((one, 7) for one in (list[int], "list[int]")),
    ],
)
def test_an_annotation_may_be_written_as_text(annotation, kind):
    def build(argument):
        return Person.objects.all()

    build.__annotations__ = {"argument": annotation}

    assert declared_kinds(build, [7]) == [(kind,)]


def test_two_threads_that_prepare_the_same_at_once_do_so_for_all(mara, noor):
    """The rows of one belong to no other: what is kept knows neither a thread nor who asked first."""
    builds, together = {lines_of.__wrapped__: "person", people_leaving.__wrapped__: "key"}, Barrier(6)

    def prepare_all():
        together.wait(10)
        try:
            return [
                prepare(build, (kind,)).sql for build, kind in zip(builds, ("person", "key"), strict=True)
            ]
        finally:
            connections.close_all()

    before = lines_of(mara), lines_of(noor)
    forget_prepared_statements()
    with ThreadPoolExecutor(6) as threads:
        told = [thread.result() for thread in [threads.submit(prepare_all) for _number in range(6)]]

    assert all(one == told[0] for one in told)
    assert not is_compiling()
    assert (lines_of(mara), lines_of(noor)) == before


def test_what_another_thread_prepared_is_asked_as_one_s_own(mara, noor):
    def prepare_there():
        lines = lines_of.__wrapped__
        prepared_module._kept(lines, ("person",), get_language())
        connections.close_all()

    before = lines_of(mara), lines_of(noor)
    forget_prepared_statements()
    with ThreadPoolExecutor(1) as threads:
        threads.submit(prepare_there).result()
    made = prepared_module._kept.cache_info().misses

    assert (lines_of(mara), lines_of(noor)) == before
    assert prepared_module._kept.cache_info().misses == made
