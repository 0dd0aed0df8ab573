"""An id that somebody sends picks a row: nothing is picked from all rows of a table."""

import ast
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django import forms
from rest_framework import serializers

import ladder.api
import ladder.pages
from competencies.core.permissions import every_rule
from ladder.api.shapes import Allowed

from .test_house_rules import ROOT, calls, dotted

OPEN_TO_READERS = {"framework", "sources"}  # what editions hold; drafts of them are left out below
FIELDS = {"ModelChoiceField", "ModelMultipleChoiceField", "Rows", "ModelChoiceFilter"}


def of_people():
    """Return the names of the models that are about people, as a rule guards them."""
    models = {rule.model for rule in every_rule()}
    return {model.__name__ for model in models if model._meta.app_label not in OPEN_TO_READERS}


def choices(text):
    """Return the sources of what is offered to choose from: as a field is made, and put into it later."""
    tree = ast.parse(text)
    fields = [call for call in calls(tree) if dotted(call).rpartition(".")[2] in FIELDS]
    made = [value for call in fields for value in [*call.args[:1], *_keyword(call, "queryset")]]
    later = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith("].queryset")
    ]
    return [ast.unparse(value) for value in made + later]


def _keyword(call, name):
    return [word.value for word in call.keywords if word.arg == name]


def open_choices(text, guarded):
    """Return the choices that are not narrowed: all rows, or rows about people that no rule was asked for."""
    found = []
    for choice in choices(text):
        model = choice.split(".")[0]
        narrowed = ".none()" in choice or "allowing(" in choice
        if choice.endswith(".objects.all()") or (model in guarded and not narrowed):
            found.append(choice)
    return found


def modules_of(package):
    found = walk_packages(package.__path__, f"{package.__name__}.")
    return [import_module(module.name) for module in found]


def subclasses(kind):
    for below in kind.__subclasses__():
        yield below
        yield from subclasses(below)


def test_no_form_offers_all_rows_of_a_table():
    guarded = of_people()
    read = sorted(ROOT.glob("ladder/**/*.py"))
    found = {str(path): open_choices(path.read_text(encoding="utf-8"), guarded) for path in read}

    assert {"Person", "Evidence", "Assessment", "PromotionCase", "Packet", "Entry"} <= guarded
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    "text",
    [
        "level = forms.ModelChoiceField(queryset=Level.objects.all())",
        "person = forms.ModelChoiceField(Person.objects.active())",
        "evidence = Rows(queryset=Evidence.objects.filter(person=1))",
        "self.fields['person'].queryset = Person.objects.filter(team=team)",
    ],
)
def test_an_open_choice_is_noticed(text):
    assert open_choices(text, of_people())


@pytest.mark.parametrize(
    "text",
    [
        "evidence = Rows(queryset=Evidence.objects.none())",
        "self.fields['evidence'].queryset = Evidence.objects.allowing(by, 'evidence.read_evidence')",
        "self.fields['level'].queryset = Level.objects.filter(edition=edition)",
    ],
)
def test_a_narrowed_choice_is_let_go(text):
    assert not open_choices(text, of_people())


@pytest.mark.django_db
def test_every_form_starts_with_nothing_to_choose_from():
    modules_of(ladder.pages)
    ours = [form for form in subclasses(forms.BaseForm) if form.__module__.startswith("ladder.")]
    fields = [
        (form.__name__, name)
        for form in ours
        for name, field in form.base_fields.items()
        if isinstance(field, forms.ModelChoiceField) and not field.queryset.query.is_empty()
    ]

    assert len(ours) > 10
    assert fields == []


def test_no_serializer_takes_a_row_past_the_rules():
    modules_of(ladder.api)
    ours = [one for one in subclasses(serializers.BaseSerializer) if one.__module__.startswith("ladder.")]
    related = {
        (one.__name__, name): type(getattr(field, "child_relation", field))
        for one in ours
        for name, field in getattr(one, "_declared_fields", {}).items()
        if isinstance(field, serializers.RelatedField | serializers.ManyRelatedField) and not field.read_only
    }

    assert len(ours) > 10
    assert related
    assert set(related.values()) == {Allowed}
    taking = {
        dotted(call)
        for path in ROOT.glob("ladder/api/*.py")
        for call in calls(ast.parse(path.read_text(encoding="utf-8")))
        if _keyword(call, "data")
    }
    telling = {one.__name__ for one in ours if issubclass(one, serializers.ModelSerializer)}
    assert taking
    assert not taking & telling, "what tells a row would take any id of a table as well"
