"""Every text and every reference to a person in the database has its fate in an erasure."""

from django.apps import apps
from django.db import connection, models

from competencies.people.models import Person
from competencies.personal_data.inventory import every_kind

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
TEXTS += (models.GenericIPAddressField,)


def personal(field):
    points = field.remote_field is not None and issubclass(field.remote_field.model, Person)
    return points or isinstance(field, TEXTS)


def fields_of(model):
    return {field.name for field in model._meta.local_fields if personal(field)}


def every_model():
    return {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


def test_every_text_and_every_reference_to_a_person_is_classified():
    kinds = every_kind()
    told = {
        label: fields_of(model) - (set(kinds[label].fields) if label in kinds else set())
        for label, model in every_model().items()
        if label not in kinds or not kinds[label].impersonal
    }

    unsaid = {label: missing for label, missing in told.items() if missing}
    assert unsaid == {}, "say in competencies/personal_data/inventory.py what an erasure does to them"


def test_nothing_is_classified_that_is_not_there():
    models_there = every_model()
    gone = {name for name in every_kind() if name not in models_there}
    extra = {
        name: set(kind.fields) - fields_of(models_there[name])
        for name, kind in every_kind().items()
        if name not in gone
    }

    assert gone == set()
    assert {name: fields for name, fields in extra.items() if fields} == {}


def test_what_is_called_impersonal_points_at_nobody():
    there = every_model()
    pointing = [
        name
        for name, kind in every_kind().items()
        if kind.impersonal
        for field in there[name]._meta.local_fields
        if field.remote_field is not None and field.remote_field.model is Person
    ]

    assert pointing == []


def test_no_table_stands_outside_the_models(db):
    ours = {model._meta.db_table for model in every_model().values()}

    assert set(connection.introspection.table_names()) - ours <= {"django_migrations", "ladder_cache"}
