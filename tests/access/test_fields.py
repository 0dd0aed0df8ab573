"""A new field of the domain, or of an answer of the API, has no class until somebody gives it one."""

from rest_framework import serializers

from .fields import CLASS_OF, CLASSES, every_field
from .outputs import OUTPUTS


def test_every_field_of_the_domain_has_one_class():
    named = [name for names in CLASSES.values() for name in names.split()]
    assert sorted(named) == sorted(set(named))
    assert set(every_field()) - set(named) == set(), "give each its class in tests/access/fields.py"
    assert set(named) - set(every_field()) == set(), "take what is gone out of tests/access/fields.py"
    assert set(CLASS_OF.values()) == set(CLASSES)


def test_every_field_that_the_api_answers_with_has_a_class():
    written = {f"{name}.{field}" for name, fields in _written().items() for field in fields}
    said = {
        f"{name}.{field}"
        for name, classes in OUTPUTS.items()
        for fields in classes.values()
        for field in fields.split()
    }

    assert written - said == set(), "give each its class in tests/access/outputs.py"
    assert said - written == set(), "take what is gone out of tests/access/outputs.py"
    assert set(_written()) == set(OUTPUTS)


def _written():
    """Return `{serializer: fields}` of every serializer that writes, bodies apart."""
    from ladder.api import urls  # noqa: F401  every resource is known from here
    from ladder.api.shapes import Body

    return {
        f"{kind.__module__.removeprefix('ladder.api.')}.{kind.__qualname__}": kind().fields
        for kind in _below(serializers.BaseSerializer)
        if kind.__module__.startswith("ladder.") and not issubclass(kind, Body)
    }


def _below(kind):
    for found in kind.__subclasses__():
        yield found
        yield from _below(found)
