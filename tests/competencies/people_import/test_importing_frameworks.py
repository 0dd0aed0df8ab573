"""A file names tracks and levels of the framework somebody is placed on, or of the only one that has both."""

import pytest

from competencies.people.models import Person
from tests.frameworks import named, publish

from .test_importing import changes, reasons, verdicts

NEW = "number,email,name,manager,track,level"


def test_what_somebody_is_placed_on_is_looked_up_first(bring, sam, wren, hana):
    made = bring("email,level", "sam@,staff", "wren@,Staff")
    assert verdicts(made) == {2: "change", 3: "change"}
    made.apply(by=hana)
    found = {name: Person.objects.get(name=name).placement_on() for name in ("Sam", "Wren")}
    assert {name: str(row.level.edition.framework) for name, row in found.items()} == {
        "Sam": "Backend engineering",
        "Wren": "Frontend engineering",
    }


def test_a_level_of_another_framework_alone_is_refused(bring, sam, frontend):
    assert "“fellow” is a level from another edition" in reasons(bring("email,level", "sam@,fellow"))


def test_track_and_level_of_another_framework_move_somebody_there(bring, sam, frontend, hana):
    made = bring("email,track,level", "sam@,Web,Senior")
    assert changes(made)["level"] == (
        "Senior, Java backend (Backend engineering)",
        "Senior, Web (Frontend engineering)",
    )
    made.apply(by=hana)
    assert sam.placement_on().level.edition == frontend


def test_what_is_called_the_same_on_ones_own_framework_changes_nothing(bring, sam, wren):
    made = bring("email,track,level", "sam@,Java backend,Senior", "wren@,web,senior")
    assert verdicts(made) == {2: "unchanged", 3: "unchanged"}


def test_somebody_new_goes_where_track_and_level_are(bring, edition, frontend, hana):
    made = bring(NEW, "1,a@,Ann,mara@,web,senior", "2,b@,Ben,mara@,jvm,senior")
    made.apply(by=hana)
    assert Person.objects.get(name="Ann").placement_on().level.edition == frontend
    assert Person.objects.get(name="Ben").placement_on().level.edition == edition


def test_what_two_frameworks_have_is_refused_until_one_is_named(bring, edition, frontend, hana):
    words = reasons(bring(NEW, "1,a@,Ann,mara@,Java backend,Senior"))
    assert "Backend engineering, Frontend engineering" in words
    assert "“Backend engineering: Senior”" in words
    made = bring(NEW, "1,a@,Ann,mara@,Java backend,Frontend engineering: Senior")
    made.apply(by=hana)
    assert Person.objects.get(name="Ann").placement_on().level.edition == frontend


def test_what_no_framework_has_is_told_with_all_of_them(bring, edition, frontend):
    words = reasons(bring(NEW, "1,a@,Ann,mara@,web,lead"))
    assert "No framework has both a track “web” and a level “lead”" in words
    assert "Backend engineering, Frontend engineering" in words


@pytest.mark.parametrize("further", [1, 2])
def test_reading_costs_the_same_for_many_frameworks(
    bring,
    edition,
    aude,
    further,
    django_assert_num_queries,
    hana,
):
    from competencies.people_import.current_state import Ladder

    for n in range(further):
        publish(named(f"other-{n}", f"Other {n}"), by=aude)
    with django_assert_num_queries(3):
        Ladder().resolve("web", "other 0: senior", None)
