"""Models of a state that are drawn alone are drawn whole for code, and with those that inherit from them."""

import pytest
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState

from ladder.ops.migration_states import drawn_when_needed


def state_of(**fields_and_bases):
    """Return a state whose models are drawn: a shelf, and others with the fields and bases that are given."""
    state = ProjectState()
    state.add_model(model("Shelf", {"name": models.CharField(max_length=40)}))
    for name, (fields, bases) in fields_and_bases.items():
        state.add_model(model(name, fields, bases))
    assert state.apps.ready  # they are drawn when somebody asks
    return state


def model(name, fields, bases=(models.Model,)):
    key = {"id": models.AutoField(primary_key=True)} if bases == (models.Model,) else {}
    return ModelState("books", name, [*(key | fields).items()], bases=bases)


def widen(state, of="shelf"):
    migrations.AlterField(of, "name", models.CharField(max_length=80)).state_forwards("books", state)


@pytest.fixture(autouse=True)
def when_needed():
    with drawn_when_needed():
        yield


def book():
    return {"name": models.CharField(max_length=40), "on": models.ForeignKey("books.Shelf", models.CASCADE)}


def test_only_what_is_altered_is_drawn_anew():
    state = state_of(Book=(book(), (models.Model,)))
    before = state.apps.get_model("books", "Book"), state.apps.get_model("books", "Shelf")

    widen(state)

    assert state.apps.get_model("books", "Book") is before[0]
    assert state.apps.get_model("books", "Shelf") is not before[1]
    assert state.apps.get_model("books", "Shelf")._meta.get_field("name").max_length == 80


@pytest.mark.parametrize("way", ["database_forwards", "database_backwards"])
def test_code_has_models_that_know_of_each_other(way):
    state, seen = state_of(Book=(book(), (models.Model,))), []

    def look(apps, editor):
        seen.append(apps.get_model("books", "Book")._meta.get_field("on").related_model)
        seen.append(apps.get_model("books", "Shelf"))

    widen(state)
    getattr(migrations.RunPython(look, look), way)("books", Editor(), state, state)

    assert seen[0] is seen[1]
    assert seen[0]._meta.get_field("name").max_length == 80


def test_what_inherits_from_it_is_drawn_with_it():
    state = state_of(Case=({"doors": models.IntegerField()}, ("books.shelf",)))

    widen(state)

    assert state.apps.get_model("books", "Case")._meta.get_field("name").max_length == 80


def test_a_field_that_others_refer_to_is_altered_for_them_as_well():
    state = state_of(Book=(book(), (models.Model,)))
    book_before = state.apps.get_model("books", "Book")

    migrations.AlterField("shelf", "id", models.BigAutoField(primary_key=True)).state_forwards("books", state)

    assert state.apps.get_model("books", "Book") is not book_before


def test_django_draws_again_as_it_does_when_the_migration_is_over(when_needed):
    ours = ProjectState.reload_model
    with drawn_when_needed():
        pass

    assert ProjectState.reload_model is not ours


class Editor:
    class connection:
        alias = "default"
