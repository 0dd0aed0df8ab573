"""The addresses of accounts. Of allauth's views only those listed here can be reached.

allauth looks some of them up by its own names, so they keep these.
"""

from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, reverse_lazy
from django.views.decorators.http import require_http_methods

from . import overview, passwords, second_factors, time_zone, tokens


def ours(view, **attributes):
    """Return a view of allauth for GET and POST, which tells a refusal with 422 as all our pages do.

    What somebody asked for before they confirmed that it is them is answered by its own view.
    """
    answer = view.as_view(**attributes)

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(answer)
    def respond(request, *args, **kwargs):
        response = answer(request, *args, **kwargs)
        of_this_view = hasattr(response, "context_data")
        if request.method == "POST" and response.status_code == 200 and of_this_view:
            response.status_code = 422
        return response

    return respond


def leading(view, name, **attributes):
    """Return a view of allauth with the template `accounts/<name>.html` that leads back to the account."""
    return ours(
        view, template_name=f"accounts/{name}.html", success_url=reverse_lazy("account"), **attributes
    )


urlpatterns = [
    path(
        "sign-in/code/",
        ours(codes.AuthenticateView, template_name="accounts/code.html"),
        name="mfa_authenticate",
    ),
    path("sign-in/passkey/", ours(passkeys.LoginWebAuthnView), name="mfa_login_webauthn"),
    path("forgotten-password/", passwords.forgotten_password, name="account_reset_password"),
    path(
        "forgotten-password/<str:uidb36>/<str:key>/",
        ours(passwords.NewPassword),
        name="account_reset_password_from_key",
    ),
    path("account/", overview.overview, name="account"),
    path("account/", overview.overview, name="mfa_index"),
    path(
        "account/password/",
        leading(account.PasswordChangeView, "change_password"),
        name="account_change_password",
    ),
    path(
        "account/first-password/",
        leading(account.PasswordSetView, "set_password"),
        name="account_set_password",
    ),
    path(
        "account/confirm/",
        ours(account.ReauthenticateView, template_name="accounts/confirm.html"),
        name="account_reauthenticate",
    ),
    path(
        "account/confirm/code/",
        ours(codes.ReauthenticateView, template_name="accounts/confirm_code.html"),
        name="mfa_reauthenticate",
    ),
    path(
        "account/confirm/passkey/",
        ours(passkeys.ReauthenticateWebAuthnView, template_name="accounts/confirm_passkey.html"),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "account/app/",
        ours(second_factors.ActivateApp, template_name="accounts/activate_app.html"),
        name="mfa_activate_totp",
    ),
    path(
        "account/app/removal/", leading(app.DeactivateTOTPView, "deactivate_app"), name="mfa_deactivate_totp"
    ),
    path("account/recovery-codes/", second_factors.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/passkeys/new/",
        ours(second_factors.AddPasskey, template_name="accounts/add_passkey.html"),
        name="mfa_add_webauthn",
    ),
    path(
        "account/passkeys/<int:pk>/",
        leading(passkeys.EditWebAuthnView, "rename_passkey"),
        name="mfa_edit_webauthn",
    ),
    path(
        "account/passkeys/<int:pk>/removal/",
        leading(passkeys.RemoveWebAuthnView, "remove_passkey"),
        name="mfa_remove_webauthn",
    ),
    path("account/sessions/", overview.end_others, name="usersessions_list"),
    path("account/sessions/<int:pk>/", overview.end_one, name="end_session"),
    path("account/time-zone/", time_zone.time_zone, name="time_zone"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revocation/", tokens.revoke_token, name="revoke_token"),
]
