"""Entries name the kind of a record as they did when it was first written, whichever app it is in by now."""

from django.apps import apps

from competencies.trail.kinds import FIRST_LABELS, kind_of


def test_no_kind_stands_for_two_models():
    kinds = [kind_of(model) for model in apps.get_models(include_auto_created=True)]

    assert len(set(kinds)) == len(kinds)


def test_every_model_that_moved_is_where_the_map_says():
    labels = {model._meta.label_lower for model in apps.get_models()}

    assert set(FIRST_LABELS) <= labels
    assert not labels & set(FIRST_LABELS.values())
