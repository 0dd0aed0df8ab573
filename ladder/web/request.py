"""The request of a page, as its view finds it: who is signed in, and what our middleware adds."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django_htmx.middleware import HtmxDetails

    from competencies.people.models import Organisation, Person


class Request(HttpRequest):
    """The request of somebody who is signed in, which nearly every page asks for. For signatures alone."""

    user: "Person"
    session: "SessionBase"
    htmx: "HtmxDetails"
    organisation: "Organisation"
    is_asked_while_warming_up: bool
