"""What people type on their way in."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from competencies.people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def new_password(label: "StrOrPromise") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, max_length=500, strip=False, widget=widget)


class PasswordForm(forms.Form):
    """A first password, twice."""

    password = new_password(_("Password"))
    again = new_password(_("Confirm password"))

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def whose(self) -> Person | None:
        """Return the person, saved or not, whose password must not be like their name."""
        return self.person

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        password, again = values.get("password"), values.get("again")
        if password and again and password != again:
            self.add_error("again", ValidationError(_("The passwords don’t match."), code="mismatch"))
        if password:
            try:
                validate_password(password, self.whose())
            except ValidationError as weak:
                self.add_error("password", weak)
        return values


class SetUpForm(PasswordForm):
    """The company, and the first person of it."""

    company = forms.CharField(label=_("Company name"), max_length=200)
    name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(label=_("Your email"), max_length=254)

    field_order = ["company", "name", "email", "password", "again"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company"].widget.attrs |= {"autocomplete": "organization", "autofocus": True}
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "username"

    def whose(self) -> Person:
        values = self.cleaned_data
        return Person(email=values.get("email", ""), name=values.get("name", ""))
