"""What says the same in every request of a language is rendered once, and nothing else is."""

import pytest
from django.template import Context, engines
from django.template.defaulttags import LoadNode
from django.template.loader import get_template
from django.urls import NoReverseMatch, set_script_prefix
from django.utils.translation import override

from ladder.web.template_constants import Constant, fold

HEAD = "{% load i18n parts static %}"


def folded(text):
    template = engines["django"].from_string(HEAD + text).template
    fold(template.nodelist)
    return template


@pytest.mark.parametrize(
    "text",
    [
        "one {% translate 'Monday' %}",
        "{% blocktranslate trimmed %}Monday{% endblocktranslate %}",
        "{% url 'home' %}",
        "{% icon 'eye' size=14 %}",
        "{% static 'ladder/icons/favicon.svg' %}",
        "a {# remark #}{% comment %}b{% endcomment %}{% translate 'Monday' %}",
    ],
)
def test_what_hangs_on_the_language_alone_is_one_constant(text):
    template = folded(text)

    assert [type(node) for node in template.nodelist] == [Constant]
    assert template.render(Context()) == engines["django"].from_string(HEAD + text).render()


@pytest.mark.parametrize(
    "text",
    [
        "{{ day }}",
        "{% translate day %}",
        "{% translate 'Monday' as day %}",
        "{% translate 'May' context 'abbrev. month' %}",
        "{% blocktranslate %}Monday {{ day }}{% endblocktranslate %}",
        "{% blocktranslate with a=day %}Monday{% endblocktranslate %}",
        "{% blocktranslate count a=day %}Monday{% plural %}Mondays{% endblocktranslate %}",
        "{% blocktranslate asvar day %}Monday{% endblocktranslate %}",
        "{% url 'person' day %}",
        "{% url day %}",
        "{% url 'home' as day %}",
        "{% icon day %}",
        "{% icon 'eye' as day %}",
        "{% csrf_token %}",
        "{% now 'Y' %}",
        "{% get_current_language as day %}",
        "{% translate 'Monday'|add:day %}",
    ],
)
def test_what_hangs_on_more_stays_as_it_is(text):
    for constant in folded(text).nodelist.get_nodes_by_type(Constant):
        assert [type(node) for node in constant.nodes] == [LoadNode]


def test_each_language_has_its_own_words():
    template = folded("{% translate 'Monday' %}")

    for language, word in [("en", "Monday"), ("de", "Montag"), ("fr", "Lundi"), ("en", "Monday")]:
        with override(language):
            assert template.render(Context()).lower() == word.lower()


def test_an_address_begins_with_where_the_site_is_mounted():
    template = folded("{% url 'reviews' %}")
    before = template.render(Context())

    try:
        set_script_prefix("/ladder/")
        assert template.render(Context()) == "/ladder" + before
    finally:
        set_script_prefix("/")
    assert template.render(Context()) == before


def test_branches_and_loops_are_folded_inside():
    template = folded(
        "{% if a %}{% url 'home' %}{% else %}{% for b in c %}{% icon 'eye' %}{{ b }}{% endfor %}{% endif %}"
    )

    assert len(template.nodelist.get_nodes_by_type(Constant)) == 3  # the tags that load, and two
    assert template.render(Context({"a": True})) == "/"
    assert template.render(Context({"c": [1, 2]})).count("<svg") == 2


def test_the_pages_are_folded():
    for name in ("base.html", "shell/user_menu.html", "trail/trail.html"):
        assert get_template(name).template.nodelist.get_nodes_by_type(Constant), name


@pytest.mark.parametrize(
    "text",
    [
        "{% url 'review' key %}",
        "{% url 'rating' key key %}",
        "{% url 'review' key as there %}{{ there }}",
        "{% url 'review' pk=key %}",
        "{% if key %}{% url 'person' key|add:1 %}{% endif %}",
    ],
)
@pytest.mark.parametrize("key", [7, "7"])
def test_addresses_of_rows_are_those_that_django_finds(text, key):
    plain = engines["django"].from_string(HEAD + text)

    assert folded(text).render(Context({"key": key})) == plain.render({"key": key})


def test_an_address_of_no_row_is_refused_as_by_django():
    with pytest.raises(NoReverseMatch):
        folded("{% url 'review' key %}").render(Context({"key": None}))
