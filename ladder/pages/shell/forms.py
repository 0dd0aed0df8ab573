from django import forms
from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """Email and password; says no more than that the pair does not fit."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.person = request, None

    def clean(self):
        values = super().clean()
        if "email" in values and "password" in values:
            self.person = authenticate(
                self.request, username=values["email"].lower(), password=values["password"]
            )
            if self.person is None:
                raise forms.ValidationError(_("Email and password do not fit together."), code="mismatch")
        return values
