"""No line break and nothing that turns letters around stands on one line: asked of every form and body."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from rest_framework import serializers

import ladder.api
import ladder.pages
from competencies.people.models import Organisation
from ladder.api.shapes import Body
from ladder.web.validators import fits_on_one_line, is_one_line
from tests.architecture.test_choices import modules_of, subclasses

HOSTILE = ["a\rb", "a\nb", "a\u2028b", "a\x0bb", "a\x1bb", "a\x7fb", "a\tb", "a\u202eb", "a\u2066b", "\x85a"]
# Bodies of the API in which a text may have lines.
WITH_LINES = {("EvidenceFields", "text"), ("NewEvidence", "text"), ("ChangedEvidence", "text")}
WITH_LINES |= {("Answer", "comment")}


def lines_of_forms():
    """Return every field of a form that is typed on one line, of ours and of the libraries that we serve."""
    modules_of(ladder.pages)
    _ = get_resolver().url_patterns  # imports the views of all libraries, and their forms with them
    ours = [
        form for form in subclasses(forms.BaseForm) if form.__module__.startswith(("ladder.", "allauth."))
    ]
    return {
        (form.__module__, form.__name__, name): field
        for form in ours
        for name, field in form.base_fields.items()
        if is_one_line(field)
    }


def lines_of_bodies():
    modules_of(ladder.api)
    return {
        (body.__name__, name): field
        for body in subclasses(Body)
        if body.__module__.startswith("ladder.")
        for name, field in body().fields.items()
        if isinstance(field, serializers.CharField) and (body.__name__, name) not in WITH_LINES
    }


def refuses(field, text):
    try:
        field.run_validators(text)
    except (ValidationError, serializers.ValidationError):
        return True
    return False


def test_every_line_of_every_form_refuses_what_does_not_fit():
    fields = lines_of_forms()

    assert len(fields) > 40
    assert {field[0].split(".")[0] for field in fields} == {"ladder", "allauth"}
    assert [name for name, field in fields.items() for text in HOSTILE if not refuses(field, text)] == []


def test_every_line_of_every_body_does_too():
    fields = lines_of_bodies()

    assert ("NewEvidence", "title") in fields
    assert [name for name, field in fields.items() for text in HOSTILE if not refuses(field, text)] == []


def test_what_has_lines_keeps_them():
    class Typed(forms.Form):
        text = forms.CharField(widget=forms.Textarea)
        password = forms.CharField(widget=forms.PasswordInput, strip=False)

    assert Typed({"text": "one\n\ttwo", "password": "a\u202eb"}).is_valid()


@pytest.mark.parametrize(
    "text", ["Ada", "Łukasz Żółć", "سارة", "אבי\u200f", "日本", "a\u200db", "O’Neil — x"]
)
def test_what_people_are_called_fits(text):
    fits_on_one_line(text)


def test_the_sentence_says_which_and_where():
    with pytest.raises(ValidationError, match=r"Character 4 .*U\+202E"):
        fits_on_one_line("Ada\u202e")


def test_a_name_with_a_line_break_is_refused_beside_its_field(signed_in, hana):
    page = signed_in(hana).post("/organisation/name/", {"name": "Acme\rBcc: all@elsewhere.example"})

    assert page.status_code == 422
    assert "Remove the line break." in page.content.decode()
    assert Organisation.here().name == "Testing Ltd"


def test_a_name_from_before_stops_no_mail(sam, mailoutbox):
    from ladder.web.email import send

    Organisation.objects.update(name="Acme\r Works")
    send(sam, "accounts/mail/notice", {"what": "password_set"}, markup=False)

    assert mailoutbox[0].subject == "Your account at Acme Works was changed"
