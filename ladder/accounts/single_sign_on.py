"""Signing in at the company's own provider (OpenID Connect), for people HR already took in.

allauth speaks the protocol (state, PKCE, the exchange on the server). Here it gets a nonce, fewer claims to
keep, and our answer to who somebody is.
"""

import secrets
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from competencies.core.permissions import locked
from competencies.core.refusals import NotNow
from competencies.people.models import Person
from competencies.trail.models import record
from ladder.accounts.sessions import end_all

PROVIDER = "openid_connect"


class Exchange(OpenIDConnectOAuth2Adapter):
    """The calls to the provider; it sends people back to our own address."""

    def get_callback_url(self, request: HttpRequest, app: object) -> str:
        return build_absolute_uri(request, reverse("single_sign_on_return"))


class Provider(OpenIDConnectProvider):
    """The provider of the company. Of what it says about a person nothing is kept but its name for them."""

    oauth2_adapter_class = Exchange

    def extract_extra_data(self, data: object) -> dict[str, Any]:
        return {}

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        login = super().sociallogin_from_response(request, response)
        login.claims = response
        return login


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Nobody signs up here: whoever HR did not take in, has left or is not vouched for gets one answer."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        known = sociallogin.user if sociallogin.is_existing else None
        person = is_genuine(sociallogin) and (known or person_of(sociallogin))
        if not person or not person.is_active:
            raise refused(request)
        if not known:
            connect(request, sociallogin, person)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,
        error: object = None,
        exception: object = None,
        extra_context: object = None,
    ) -> NoReturn:
        raise refused(request)


def refused(request: HttpRequest) -> ImmediateHttpResponse:
    """Return the one answer to everybody who does not get in, as an exception to raise."""
    messages.error(
        request,
        _("You can’t sign in with %(provider)s. If you work here, ask HR to check your email address.")
        % {"provider": settings.OIDC_NAME},
    )
    return ImmediateHttpResponse(redirect("sign_in"))


def start(request: HttpRequest, *, to: str) -> HttpResponse:
    """Send the visitor to the provider; from there they come back and go on to the address `to`.

    Raises `OSError` when the provider does not answer.
    """
    provider = get_adapter(request).get_provider(request, PROVIDER)
    nonce = secrets.token_urlsafe(24)
    return provider.redirect(
        request, process=AuthProcess.LOGIN, next_url=to or None, auth_params={"nonce": nonce}, nonce=nonce
    )


def exchange(request: HttpRequest) -> Exchange:
    """Return what turns the code that the visitor brings back into a sign-in."""
    app = get_adapter(request).get_app(request, provider=PROVIDER)
    return Exchange(request, app.provider_id)


def is_genuine(login: Any) -> bool:
    """Say whether the answer is to our own question, and both halves of it speak of the same person."""
    token, info = login.claims.get("id_token", {}), login.claims.get("userinfo", {})
    nonce = login.state.get("nonce")
    asked = bool(nonce) and secrets.compare_digest(str(token.get("nonce", "")), nonce)
    return asked and token.get("sub") == info.get("sub", token.get("sub"))


def person_of(login: Any) -> Person | None:
    """Return the person of HR's list whose email the provider vouches for, unless they are connected."""
    claims = login.claims.get("userinfo") or login.claims["id_token"]
    verified = settings.OIDC_TRUSTED or str(claims.get("email_verified", "")).lower() == "true"
    email = str(claims.get("email", "")).strip().lower()
    if not verified or not email:
        return None
    connected = SocialAccount.objects.filter(provider=login.account.provider).values("user")
    return Person.objects.active().filter(email=email).exclude(pk__in=connected).first()


@transaction.atomic
def connect(request: HttpRequest, login: Any, person: Person) -> None:
    """Remember under which name the provider knows a person: from now on that decides, not the email."""
    login.connect(request, person)
    record("account.connected", person, by=person, about=person)


@transaction.atomic
def disconnect(person: Person, *, by: Person) -> None:
    """Forget under which name the provider knows a person, and end their sessions: it may have been another.

    Refuses with `NotNow` where it knows none.
    """
    person = locked(by, "people.reset_second_factor", person)
    gone, _rows = SocialAccount.objects.filter(user=person).delete()
    if not gone:
        raise NotNow(_("%(person)s hasn’t signed in there yet.") % {"person": person})
    end_all(person)
    record("account.disconnected", person, by=by, about=person)
