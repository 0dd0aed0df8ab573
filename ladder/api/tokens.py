"""The client's own tokens. Made in a session, so that a token can never lengthen its own life."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from competencies.people.models import Token
from ladder.accounts.allauth_internals import is_reauthentication_required
from ladder.web.compression import shown_once

from .request import ApiRequest
from .shapes import Body, Line
from .viewsets import Readable


class TokenSerializer(serializers.ModelSerializer):
    class Meta:
        model = Token
        fields = ["id", "label", "scope", "hint", "created_at", "expires_at", "revoked_at"]


class IssuedTokenSerializer(TokenSerializer):
    key = serializers.CharField(help_text="Shown only once; empty in a repeated response.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "key"]


class NewToken(Body):
    label = Line(max_length=100, help_text="What the token is for.")  # type: ignore[assignment]
    scope = serializers.ChoiceField(Token.Scope.choices, default=Token.Scope.READ)
    days = serializers.IntegerField(min_value=1, max_value=Token.MOST_DAYS, default=30)


class Tokens(Readable):
    """Your own tokens, without their keys."""

    reading = "people.read_token"
    secret = ("key",)
    serializer_class = TokenSerializer

    @shown_once
    @extend_schema(request=NewToken, responses={201: IssuedTokenSerializer})
    def create(self, request: ApiRequest) -> Response:
        """Create a token and show its key, only once. Needs a session that signed in recently."""
        if request.auth is not None:
            raise PermissionDenied(_("Sign in to create a token: a token can't create another."))
        if is_reauthentication_required(request, app="people"):
            raise PermissionDenied(
                _("You signed in a while ago. Sign in again, or create the token in Ladder.")
            )
        body = NewToken(data=request.data)
        body.is_valid(raise_exception=True)
        token, key = Token.issue(request.user, by=request.user, **body.validated_data)
        return Response({**TokenSerializer(token).data, "key": key}, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: ApiRequest, pk: int) -> Response:
        """Revoke a token: it stops working immediately."""
        self.get_object().revoke(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
