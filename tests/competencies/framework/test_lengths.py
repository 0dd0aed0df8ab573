"""Whatever a framework file may say fits its column; the rest is refused by line and field.

A run tries some of the fields, others each day, one of each part of a file at least; LADDER_LONG=1 tries all.
"""

import contextlib
import copy

import pytest
import yaml
from django.apps import apps
from django.db import models

from competencies.framework.loading import load
from competencies.framework.models import Framework
from competencies.framework.parser import BadFile
from tests.drawing import drawn_of_each

from .conftest import TINY

LENGTHS = (40, 60, 100, 120, 200, 1_000, 4_000, 8_000, 20_000)
SAID = yaml.safe_load(TINY)
BROKEN = {"nul": "a\x00b", "half a letter": "a\ud83eb", "digits": 10**4_200}


def leaves(value, path=()):
    """Yield the path of every text and number of a file."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from leaves(part, (*path, number))
    else:
        yield path


def with_value(path, value):
    said = copy.deepcopy(SAID)
    place = said
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return said


def once(paths):
    """Return the first path of each kind: behaviours are many, and alike."""
    kinds = {}
    for path in paths:
        kinds.setdefault(tuple("*" if isinstance(step, int) else step for step in path), path)
    return list(kinds.values())


PATHS = drawn_of_each(once(leaves(SAID)), 20, kind=lambda path: path[0])


def too_long():
    """Return the columns of the framework and its sources that hold more than they may."""
    return [
        f"{model.__name__}.{field.name}"
        for app in ("framework", "sources")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.fields
        if isinstance(field, models.CharField)
        for text in model.objects.values_list(field.name, flat=True)
        if len(text) > field.max_length
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_the_longest_value_of_a_field_fits(path):
    loaded = 0
    for letter in ("w", "\U0001f9ea"):
        for length in reversed(LENGTHS):
            file = yaml.safe_dump(with_value(path, letter * length), allow_unicode=True).encode()
            with contextlib.suppress(BadFile):
                load(file, file="long.yaml", by=None)
                loaded += 1
                assert too_long() == []
                break
    assert loaded or path[-1] not in ("title", "summary", "text", "gist", "label", "anchor", "scope")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", BROKEN)
def test_what_no_column_holds_is_refused_by_line_and_field(kind):
    for path in PATHS:
        value = BROKEN[kind]
        written = '"a\\0b"' if kind == "nul" else '"a\\ud83eb"' if kind == "half a letter" else "9" * 5_000
        file = yaml.safe_dump(with_value(path, "PLACEHOLDER")).replace("PLACEHOLDER", written)
        with pytest.raises(BadFile) as refused:
            load(file.encode(), file="broken.yaml", by=None)
        assert refused.value.faults[0].line > 0, (path, value)
        assert not Framework.objects.filter(key="tiny").exists()
