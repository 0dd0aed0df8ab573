from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Email and password; says no more than that the pair does not fit."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        email, password = self.fields["login"], self.fields["password"]
        email.label, email.max_length = _("Email"), 254
        email.widget.attrs = {
            "type": "email",
            "autocomplete": "username",
            "autofocus": True,
            "maxlength": 254,
        }
        password.max_length, password.help_text = 500, ""
        password.widget.attrs = {"autocomplete": "current-password"}
