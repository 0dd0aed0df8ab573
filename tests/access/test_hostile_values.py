"""Every form and body with a valid shape and one hostile value in it: refused or taken, and never an error.

A run asks some, others each day: some questions as one person, and of each some fields with some values.
LADDER_LONG=1 asks at least 5,000 that reach the validation of a form, each question as three people where
three may ask it.
"""

import contextlib
from unittest import mock
from urllib.parse import urlencode

import pytest
from django import forms
from rest_framework import serializers

from ladder.api.shapes import Body
from tests.drawing import LONG, by_chance, drawn

from .asking import Asker
from .cells import MISSING, UNSAFE, Question
from .table import ROUTES
from .test_table import questions

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PEOPLE, MOST_OF_CELL = 3, 30
SOME_CELLS, SOME_OF_CELL = 78, 5
ENOUGH = 5_000 if LONG else 100  # that reach the validation of a form
TEXTS = (
    "\x00",
    "a\x00b",
    "",
    " \t ",
    "\u3000\u200b\ufeff",
    "\r\n\r\nX-Header: 1",
    "'\"><script>alert(1)</script>%s{0}{{x}}",
    "\u202eevil\u2066",
    "W" * 100_000,
    "\U0001f9ea" * 255,
    "e\u0301" * 300,
    "½²٣",
    "²",
    "-0",
    "-1",
    "1e400",
    "NaN",
    "Infinity",
    "9" * 19,
    "9" * 20,
    "9" * 5_000,
    "2147483648",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30T25:61",
    "9999-12-31T23:59:59+14:00",
    "0001-01-01T00:00",
    "http://[::1",
    "http://" + "a." * 900 + "example",
    "a@" + "b" * 300 + ".example",
    "[]",
    "null",
)
VALUES = (
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    2**64,
    10**4_000,
    1.5,
    1e308,
    [],
    {},
    [[]],
    [None],
    {"a": {}},
    ["²"],
)


@contextlib.contextmanager
def validating():
    """Collect the names of the fields of every form and body that validates something inside the block."""
    seen, of_form, of_body = {}, forms.BaseForm.full_clean, serializers.Serializer.run_validation

    def full_clean(form):
        if form.is_bound:
            seen.update({form.add_prefix(name): field for name, field in form.fields.items()})
        return of_form(form)

    def run_validation(body, *args, **options):
        if isinstance(body, Body):
            seen.update(body.fields)
        return of_body(body, *args, **options)

    with (
        mock.patch.object(forms.BaseForm, "full_clean", full_clean),
        mock.patch.object(serializers.Serializer, "run_validation", run_validation),
    ):
        yield seen


def _by_chance(trial):
    """Return a number by which trials are put in an order, the same in each run."""
    question, *rest = trial
    return by_chance(f"{question.name} {question.method} {' '.join(map(repr, map(str, rest)))}")


class Fuzz:
    """Asks the questions of the table as whoever is answered, with one field after the other spoilt."""

    def __init__(self, asker):
        self.asker, self.reached, self.people, self.faults = asker, 0, set(), []

    def trials(self):
        """Yield `(question, cell, field, value)`; the fields are those that a first request validates."""
        asked = [Question(self.asker.scene, *named, ROUTES[named[0]][named[1]]) for named in questions()]
        cells = sorted(
            ((question, cell) for question in asked for cell in self.cells(question)), key=_by_chance
        )
        of_this_run = drawn(cells, SOME_CELLS)
        others = [one for one in cells if one not in of_this_run]
        for number, (question, cell) in enumerate([*of_this_run, *others]):
            if number >= SOME_CELLS and self.reached >= ENOUGH:
                return  # of what some days draw too little reaches a form: they ask more
            trials = [
                (question, cell, field, value)
                for field, kind in self.fields_of(question, cell).items()
                for value in self.values(question, kind)
            ]
            yield from drawn(sorted(trials, key=_by_chance)[:MOST_OF_CELL], SOME_OF_CELL)

    def cells(self, question):
        """Return one cell for each of up to three people who are answered, and so come to the form."""
        people = {}
        for cell in question.every_cell():
            if not cell.htmx and cell.label != MISSING and not question.expected(cell).denied:
                people.setdefault(cell.actor, cell)
        return sorted(people.values(), key=lambda cell: by_chance(f"{question.name} {cell}"))[:PEOPLE]

    def fields_of(self, question, cell):
        with validating() as seen:
            try:
                self.send(question, cell, self.body(question, cell))
            except Exception as problem:
                raise AssertionError(f"{question.method} {question.name} as {cell}") from problem
        return dict(seen)

    def values(self, question, field):
        longest = getattr(field, "max_length", None)
        whole = ["W" * longest, "\U0001f9ea" * longest, "W" * (longest + 1)] if longest else []
        return [
            *whole,
            *TEXTS,
            *(VALUES if question.asked.door == "api" and question.method in UNSAFE else ()),
        ]

    def body(self, question, cell):
        return question.body(cell.label, cell.actor) or {}

    def send(self, question, cell, body):
        address, api = question.address(cell.label), question.asked.door == "api"
        if question.method not in UNSAFE:
            address, body = f"{address}?{urlencode(body)}", None
        return self.asker.ask(cell.actor, question.method, address, body=body, api=api)

    def try_(self, question, cell, field, value):
        body = self.body(question, cell) | {field: value}
        with validating() as seen:
            try:
                answer = self.send(question, cell, body)
            except Exception as problem:  # the test's own client, or what is not caught
                self.faults.append(
                    f"{question.method} {question.name} {field}={value!r:.60}: {problem!r:.200}"
                )
                return
        self.reached += bool(seen)
        self.people.add(cell.actor)
        if answer.status >= 500:
            self.faults.append(
                f"{answer.status} {question.method} {question.name} as {cell.actor}"
                f" {field}={value!r:.60}: {answer.error:.200}"
            )


@pytest.fixture(scope="module")
def fuzz(scene):
    return Fuzz(Asker(scene))


def test_no_value_in_any_form_is_an_error(fuzz):
    for trial in fuzz.trials():
        fuzz.try_(*trial)
    print(f"{fuzz.reached} requests reached a form, as {len(fuzz.people)} people")
    assert fuzz.faults == [], "\n".join(sorted(fuzz.faults)[:60])
    assert fuzz.reached >= ENOUGH
    assert len(fuzz.people) >= PEOPLE
