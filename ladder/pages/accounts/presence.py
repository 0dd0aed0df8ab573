"""When and from where a session was last seen."""

from allauth.account.signals import user_logged_in
from allauth.usersessions.models import UserSession
from django.dispatch import receiver
from django.utils.decorators import sync_only_middleware

from competencies.access.clock import now

SEEN, EVERY = "seen_at", 300  # seconds


@sync_only_middleware
def note_presence(get_response):
    """Note every few minutes that a session was seen. In between the session itself knows; no query."""

    def noted(request):
        seen = request.session.get(SEEN)
        if seen is not None and now().timestamp() - seen > EVERY and request.user.is_authenticated:
            be_present(request)
        return get_response(request)

    return noted


@receiver(user_logged_in)
def signed_in(sender, request, **told):
    be_present(request)


def be_present(request):
    """Write down that the session of a request is in use, from where and on what."""
    request.session[SEEN] = now().timestamp()
    UserSession.objects.create_from_request(request)
