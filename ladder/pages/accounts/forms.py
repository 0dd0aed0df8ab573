"""What people type about their own accounts: allauth's forms in our words."""

import struct

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from cryptography.fernet import InvalidToken
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.cache import cache
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

from competencies.people.models import Person, Token
from ladder.accounts.allauth_internals import SECRET_SESSION_KEY, normalize_user_code
from ladder.web.form_fields import field_of

from .sealing import seal, unseal

MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error)
CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "off",
    "spellcheck": "false",
}


def plainly(form, **labels):
    """Give the fields of a form our labels, no words inside the boxes and no markup in the hints."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
        field.label = labels.get(name, field.label)


def choosing_a_password(form):
    plainly(
        form, oldpassword=_("Current password"), password1=_("New password"), password2=_("Confirm password")
    )
    form.fields["password1"].help_text = " ".join(password_validators_help_texts())


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choosing_a_password(self)

    def clean_oldpassword(self):
        """Count wrong guesses here too: whoever finds an open window must not try at leisure."""
        password = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choosing_a_password(self)


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choosing_a_password(self)


class ConfirmForm(account.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plainly(self)
        self.fields["password"].widget.attrs["autofocus"] = True


class ForgottenPasswordForm(forms.Form):
    """The email of somebody, or of nobody: it says nothing about which."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def person(self):
        """Return the person who signs in with the email, or None."""
        return Person.objects.filter(email=self.cleaned_data["email"]).first()


class LinkForm(account.UserTokenForm):
    """The link of a mail. Who has left since opens nothing with it."""

    def _get_user(self, uidb36):
        person = super()._get_user(uidb36)
        return person if person and person.is_active else None


class OneTimeCode(forms.Form):
    """A code of an app or of paper that opens once: allauth forgets it while the clock still allows it."""

    user: Person  # these two of allauth's form, which stands behind it
    authenticator: Authenticator

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plainly(self, code=_("Code"))
        self.fields["code"].widget.attrs = CODE | {"autofocus": True}

    def clean_code(self):
        code = super().clean_code()  # type: ignore[misc]
        if self.used_app() and not spend(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code

    def used_app(self):
        return self.authenticator.type == Authenticator.Type.TOTP


def spend(user, code):
    """Take a code of an app; False when it was taken before, for as long as any clock would accept it."""
    lifetime = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return cache.add(f"spent-code:{user.pk}:{normalize_user_code(code)}", True, timeout=lifetime)


class CodeForm(OneTimeCode, codes.AuthenticateForm):
    pass


class ConfirmCodeForm(OneTimeCode, codes.ReauthenticateForm):
    pass


class ActivateAppForm(OneTimeCode, totp.ActivateTOTPForm):
    """The first code of a new app. Until it fits, the secret waits in the session, sealed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        session = context.request.session
        try:
            self.secret = unseal(session[SECRET_SESSION_KEY])
        except InvalidToken:  # allauth made a new one just now
            session[SECRET_SESSION_KEY] = seal(self.secret)

    def used_app(self):
        return True


class Credential(forms.JSONField):
    """What an authenticator says, as JSON; an endless number in it, which Python refuses to read, is none."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValueError:  # not the one of JSON, which the field knows
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": ""}
            ) from None

    def bound_data(self, data, initial):
        try:
            return super().bound_data(data, initial)
        except ValueError:
            return InvalidJSONInput(data)


class Passkey(forms.Form):
    """What a browser got from a passkey. Whatever else is sent is refused like one that does not fit."""

    credential = Credential(widget=forms.HiddenInput)

    def clean(self):
        return self._refusing(super().clean)

    def _refusing(self, look):
        try:
            return look()
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None


class ShownPasskey(Passkey):
    def clean_credential(self):
        return self._refusing(super().clean_credential)  # type: ignore[misc]


class SignInPasskeyForm(ShownPasskey, passkeys.LoginWebAuthnForm):
    pass


class CodePasskeyForm(ShownPasskey, passkeys.AuthenticateWebAuthnForm):
    pass


class ConfirmPasskeyForm(ShownPasskey, passkeys.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(Passkey, passkeys.AddWebAuthnForm):
    """A passkey and what it is called. All of ours sign in by themselves, so there is nothing to choose."""

    passwordless = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plainly(self, name=_("Name"))
        field_of(self, "name", forms.CharField).max_length = 100
        self.fields["name"].widget.attrs["maxlength"] = 100


class RenamePasskeyForm(passkeys.EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=100)


class TokenForm(forms.Form):
    """A new token: what it is for, how far it reaches and for how long."""

    label = forms.CharField(label=_("What it’s for"), max_length=100)
    scope = forms.ChoiceField(label=_("Access"), choices=Token.Scope.choices, initial=Token.Scope.READ)
    days = forms.IntegerField(label=_("Valid for (days)"), min_value=1, max_value=Token.MOST_DAYS, initial=90)
