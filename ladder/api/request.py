"""The request of a program, as a resource finds it once it is known who asks."""

from typing import TYPE_CHECKING

from rest_framework.request import Request

if TYPE_CHECKING:
    from competencies.people.models import Person, Token


class ApiRequest(Request):
    """The request of a person by session, or by a token of theirs. For signatures alone."""

    user: "Person"
    auth: "Token | None"
