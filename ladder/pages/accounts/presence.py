"""When and from where a session was last seen."""

from allauth.account.signals import user_logged_in
from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.db import DatabaseError
from django.dispatch import receiver
from django.utils.decorators import sync_only_middleware

from competencies.core.clock import now
from ladder.ops.outages import outage_of
from ladder.web.time_zones import browser_zone

SEEN, EVERY = "seen_at", 300  # seconds
CANNOT, RESTS = "presence-cannot-be-noted", 10  # seconds for which this process does not try after an outage


@sync_only_middleware
def note_presence(get_response):
    """Note every few minutes that a session was seen. In between the session itself knows; no query.

    What cannot be written just now waits: whoever only reads is answered all the same.
    """

    def noted(request):
        seen = request.session.get(SEEN)
        if seen is not None and now().timestamp() - seen > EVERY and request.user.is_authenticated:
            _note(request)
        return get_response(request)

    return noted


def _note(request):
    if caches["process"].get(CANNOT):
        return
    try:
        be_present(request)
    except DatabaseError as error:
        if outage_of(error) is None:
            raise
        caches["process"].set(CANNOT, True, RESTS)


@receiver(user_logged_in)
def signed_in(sender, request, **kwargs):
    be_present(request)


def be_present(request):
    """Write down that the session of a request is in use, from where, on what and in which time zone."""
    UserSession.objects.create_from_request(request)
    if zone := browser_zone(request):
        request.user.note_browser_zone(zone.key)
    request.session[SEEN] = now().timestamp()
