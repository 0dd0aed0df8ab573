"""Who asks, and how far their key reaches."""

from typing import TYPE_CHECKING, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from competencies.core.clock import zone
from competencies.people.models import Person, Token
from ladder.accounts.second_factor import is_missing, is_missing_here

if TYPE_CHECKING:
    from rest_framework.views import APIView

    from ladder.web.request import Request as PageRequest


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`: the client is the owner of the token, within its scope."""

    def authenticate(self, request: Request) -> tuple[Person, Token] | None:
        kind, _space, key = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = Token.objects.bearing(key.strip())
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        timezone.activate(zone())
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class WithinScope(BasePermission):
    """A token for reading changes nothing; a session has no scope but its person's."""

    message = gettext_lazy("This token is read-only.")

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return request.method in SAFE_METHODS or getattr(request.auth, "scope", None) != Token.Scope.READ


class WithSecondFactor(BasePermission):
    """Who lacks a second factor that is asked of them opens nothing, by session or token."""

    message = gettext_lazy(
        "Your account requires two-factor authentication. Set it up in the browser, then try again."
    )
    code = "second-factor-missing"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if request.auth is None:
            return not is_missing_here(cast("PageRequest", request))
        return not is_missing(cast(Person, request.user))


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key from `/api/v1/tokens/`."}
