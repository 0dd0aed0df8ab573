"""A scene is played once and comes to each test as it was, whatever the tests before made of it."""

import contextlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from competencies.core.clock import standing_at
from competencies.people.models import Person, RoleGrant
from competencies.promotions.models import Statement
from competencies.trail.verifying import breaks
from tests.scenes import Stage, scene


@scene
def titled(sam):
    """Sam with a new title and a role."""
    sam.title = "Of the scene"
    sam.save()
    return SimpleNamespace(person=sam, grant=RoleGrant.objects.create(person=sam, role="author"))


@scene
def renamed(titled):
    titled.person.name = "Sam of both scenes"
    titled.person.save()
    return titled.person


@pytest.mark.parametrize("time", ["first", "second", "third"])
def test_a_test_that_changes_a_scene_leaves_it_to_the_next_as_it_was(titled, sam, time):
    assert (titled.person.title, sam.title, titled.grant.role) == ("Of the scene", "Of the scene", "author")
    assert Person.objects.get(pk=sam.pk).title == "Of the scene"
    assert list(RoleGrant.objects.filter(person=sam)) == [titled.grant]
    assert not hasattr(titled, "somebody")

    titled.person.title = f"Of the {time} test"
    titled.person.save()
    titled.grant.delete()
    titled.somebody = "else"


def test_a_test_without_it_knows_nothing_of_it(sam):
    assert (sam.title, RoleGrant.objects.filter(person=sam).count()) == ("", 0)


@pytest.mark.parametrize("time", ["first", "second"])
def test_scenes_follow_on_each_other_and_share_what_they_are_about(titled, renamed, sam, time):
    assert titled.person is renamed is sam
    assert (sam.name, sam.title) == ("Sam of both scenes", "Of the scene")
    assert Person.objects.get(pk=sam.pk).name == "Sam of both scenes"
    sam.name = "Of a test"
    sam.save()


@pytest.mark.parametrize("time", ["first", "second", "third"])
def test_the_trail_of_a_scene_is_whole_each_time(full_case, time):
    assert Statement.objects.filter(case=full_case, text__startswith="Text of ").exists()
    assert list(breaks()) == []


class Theatre:
    """A stage of its own, before which one test after the other is acted out."""

    def __init__(self):
        self.stage, self.played = Stage(), 0

    @contextlib.contextmanager
    def test(self):
        self.stage.begin()
        with transaction.atomic():
            yield Person.objects.get(email="sam@testing.example")
            transaction.set_rollback(True)

    def title(self, sam):
        """Play the scene in which Sam has another title, or have it written anew."""
        return self.stage.play(self._title, {"sam": sam})

    def _title(self, sam):
        self.played += 1
        sam.title = "Of the scene"
        sam.save()
        return sam


@pytest.fixture
def theatre(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        connection.ensure_connection()
        yield Theatre()


def test_it_is_played_once(theatre):
    for _time in range(3):
        with theatre.test() as sam:
            assert theatre.title(sam) is sam
            assert Person.objects.get(pk=sam.pk).title == "Of the scene"

    assert theatre.played == 1


def test_its_rows_have_the_ids_that_they_had_whatever_came_between(theatre):
    def play(sam):
        return RoleGrant.objects.create(person=sam, role="author")

    ids = set()
    for _time in range(3):
        with theatre.test() as sam:
            grant = theatre.stage.play(play, {"sam": sam})
            ids.add(RoleGrant.objects.get(person=sam).pk)
            assert RoleGrant.objects.create(person=sam, role="auditor").pk > grant.pk

    assert ids == {grant.pk}


def test_after_what_is_no_scene_it_is_played(theatre):
    for _time in range(2):
        with theatre.test() as sam:
            Person.objects.filter(pk=sam.pk).update(number="E-1")
            theatre.title(sam)

    assert theatre.played == 2


def test_while_somebody_holds_the_clock_it_is_played(theatre):
    for _time in range(2):
        with theatre.test() as sam, standing_at(timezone.now() - timedelta(days=400)):
            theatre.title(sam)

    assert theatre.played == 2


def test_with_a_setting_that_is_changed_it_is_another(theatre):
    with theatre.test() as sam:
        theatre.title(sam)
    with theatre.test() as sam, override_settings(OIDC_ONLY=True):
        theatre.title(sam)
    with theatre.test() as sam:
        theatre.title(sam)

    assert theatre.played == 2


def test_what_was_taken_back_while_it_was_played_is_taken_back_again(theatre):
    def play(sam):
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            Person.objects.filter(pk=sam.pk).update(title="Taken back")
            _never = 1 / 0

    for _time in range(2):
        with theatre.test() as sam:
            theatre.stage.play(play, {"sam": sam})
            assert Person.objects.get(pk=sam.pk).title == ""


def test_one_that_comes_out_otherwise_is_an_error(theatre):
    with theatre.test() as sam:
        theatre.title(sam)
    (script,) = theatre.stage.scripts.values()
    script.changes += 1

    with pytest.raises(RuntimeError, match="A scene changed"), theatre.test() as sam:
        theatre.title(sam)
