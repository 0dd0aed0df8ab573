import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from ladder.web.form_rendering import DRAWN, FormRenderer

HOSTILE = "\"><script>alert('1')</script>&amp;"
ATTRIBUTES = {"id": "a", "required": True, "disabled": False, "title": HOSTILE, "rows": 4}
CHOICES = [
    ("", gettext_lazy("Choose")),
    (1, HOSTILE),
    ("Group <b>", [(HOSTILE, "two"), ("c", mark_safe("<i>three</i>"))]),
]


def same(html):
    return re.sub(r"\s*\n\s*", "\n", html)


@pytest.mark.parametrize("value", [None, "", 0, 1, HOSTILE, "one\ntwo", mark_safe("<b>&amp;</b>")])
@pytest.mark.parametrize(
    "attrs", [{}, {"id": "a", "required": True, "disabled": False, "title": HOSTILE, "rows": 4}]
)
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(),
        forms.NumberInput(),
        forms.EmailInput(),
        forms.PasswordInput(render_value=True),
        forms.HiddenInput(),
        forms.DateInput(),
        forms.Textarea(),
        forms.Select(choices=CHOICES),
        forms.SelectMultiple(choices=CHOICES),
        forms.CheckboxInput(),
        forms.RadioSelect(choices=CHOICES),
    ],
    ids=lambda widget: type(widget).__name__,
)
def test_fields_are_drawn_as_django_draws_them(widget, attrs, value):
    ours, theirs = (
        widget.render("field", value, attrs, renderer) for renderer in (FormRenderer(), DjangoTemplates())
    )

    assert same(ours) == same(theirs)


def test_what_is_drawn_here_is_drawn_without_a_template(monkeypatch):
    monkeypatch.setattr(DjangoTemplates, "render", lambda *_: pytest.fail("a template was drawn"))

    assert FormRenderer().render(
        "django/forms/widgets/text.html", forms.TextInput().get_context("a", "b", {})
    )
    assert len(DRAWN) > 5
