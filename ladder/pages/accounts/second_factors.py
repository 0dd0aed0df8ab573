"""Passkeys and recovery codes."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import Http404
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from ladder.accounts.allauth_internals import (
    begin_registration,
    can_generate_recovery_codes,
    generate_recovery_codes,
    view_recovery_codes,
)
from ladder.web.compression import shown_once


@method_decorator(shown_once, name="dispatch")
class ActivateApp(ActivateTOTPView):
    """An authenticator app: its secret, also as a code to photograph, until a code of the app proves it."""


class AddPasskey(AddWebAuthnView):
    """A new passkey. It can always sign in by itself, so it is asked to know its owner by PIN or finger."""

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {"options": begin_registration(self.request.user, passwordless=True)}


@require_http_methods(["GET", "HEAD", "POST"])
@shown_once
@reauthentication_required(app="allauth.mfa", allow_get=True)
def recovery_codes(request):
    """Say how many codes are left; by POST show them, this once, or make new ones when they were shown.

    Only a POST shows codes: reading a page writes nothing.
    """
    factor = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).first()
    if not can_generate_recovery_codes(request.user):
        raise Http404("nothing here")
    context = {"left": len(factor.wrap().get_unused_codes()) if factor else 0}
    context["shown"] = factor is None or factor.wrap().did_view
    if request.method == "POST":
        if context["shown"]:
            generate_recovery_codes(request)
        codes, _visible = view_recovery_codes(request)
        context |= {"codes": codes.get_unused_codes()}
    return render(request, "accounts/recovery_codes.html", context)
