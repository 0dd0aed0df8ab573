from datetime import date

import pytest
from django.template import Context, Template
from django.urls import reverse, set_script_prefix
from django.utils import timezone, translation

from competencies.core.clock import now
from ladder.web.drawn_once import Drawn, Store, kept, place, store

HOSTILE = '"><script>{alert}</script>'


@pytest.fixture
def drawn():
    """The answer under a rating, with a place for its version and one for why it was refused."""
    context = {"version": place("version"), "refused": place("refused")}
    return lambda pk: Drawn.by("reviews/_answer.html", {"competency": {"pk": pk}, **context})


def test_values_are_filled_in_and_escaped(drawn):
    text = drawn(7).filled(version=3, refused=HOSTILE)

    assert 'id="answer-7"' in text
    assert 'name="version" value="3"' in text
    assert "<script>" not in text
    assert "&lt;script&gt;{alert}" in text


def test_what_was_drawn_with_braces_keeps_them(drawn):
    text = drawn("{version}").filled(version=3, refused="")

    assert 'id="answer-{version}"' in text
    assert 'value="3"' in text


def test_a_value_that_is_missing_is_an_error(drawn):
    with pytest.raises(KeyError):
        drawn(7).filled(version=3)


def test_it_is_drawn_once_for_a_language_whatever_zone_is_read_in():
    store.forget()
    times = []

    def draw():
        times.append(len(times))
        return times[-1]

    assert [kept("numbers", 1, draw=draw) for _time in range(2)] == [0, 0]
    assert kept("numbers", 2, draw=draw) == 1
    with translation.override("de"):
        assert kept("numbers", 1, draw=draw) == 2
    with timezone.override("Pacific/Auckland"):
        assert kept("numbers", 1, draw=draw) == 0


@pytest.mark.parametrize("text", ["{{ at|date:'H:i' }}", "{{ at }}", "{% now 'j F' %}"])
def test_a_time_is_not_drawn_for_all(text):
    store.forget()

    with pytest.raises(TypeError):
        kept("time", draw=lambda: Template(text).render(Context({"at": now()})))


def test_a_date_is_the_same_for_all():
    store.forget()
    text = "{{ day|date:'j F' }}"

    assert kept("day", draw=lambda: Template(text).render(Context({"day": date(2031, 4, 1)}))) == "1 April"


def test_it_is_drawn_for_where_the_site_is_mounted():
    store.forget()

    try:
        set_script_prefix("/elsewhere/")
        assert kept("addresses", draw=lambda: reverse("home")) == "/elsewhere/"
    finally:
        set_script_prefix("/")
    assert kept("addresses", draw=lambda: reverse("home")) == "/"


def test_the_store_stays_below_its_bytes_and_lets_go_of_what_was_not_asked_for():
    small = Store(3_000)

    for key in "abc":
        small.get((key,), lambda: "x" * 900)
    small.get(("a",), lambda: "drawn anew")
    small.get(("d",), lambda: "x" * 900)

    assert small.get(("a",), lambda: "drawn anew") != "drawn anew"
    assert small.get(("b",), lambda: "drawn anew") == "drawn anew"
    assert sum(len(text) for text in small.texts()) < 3_000


def test_what_is_larger_than_the_store_is_drawn_each_time():
    small = Store(100)

    assert [small.get(("a",), lambda: "x" * 200) for _time in range(2)] == ["x" * 200] * 2
    assert small.texts() == []
