"""In which time zone a request tells times: that of who reads, else that of the organisation.

Days, such as that from which a placement holds, are the organisation's for everybody. Programs are told
instants with the offset of the organisation.
"""

from datetime import tzinfo
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import sync_only_middleware

from competencies.core.clock import calendar_read_once, zone, zone_called
from competencies.people.models import Person
from ladder.web.hooks import Answering, with_hooks
from ladder.web.middleware import PROBES

COOKIE = "zone"  # what `js/time_zone.js` says of the browser


@sync_only_middleware
def tell_time(get_response: Answering) -> Answering:
    """Read the organisation's calendar once a request, and tell times in the zone of who reads."""

    def told(request: HttpRequest):
        with calendar_read_once(), timezone.override(None):
            return get_response(request)

    return with_hooks(told, process_view=use_zone_of_reader)


def use_zone_of_reader(request: HttpRequest, view: object, args: object, kwargs: object) -> None:
    if request.path_info in PROBES:
        return  # they ask the database nothing
    if not request.path_info.startswith("/api/"):
        timezone.activate(zone_of_reader(request))
    elif request.user.is_authenticated:  # who brings a token is known later: see `api/authentication.py`
        timezone.activate(zone())


def zone_of_reader(request: HttpRequest) -> tzinfo:
    """Return the zone that the visitor chose, else that of their browser, else the organisation's."""
    chosen = zone_called(request.user.time_zone) if isinstance(request.user, Person) else None
    return chosen or browser_zone(request) or zone()


def browser_zone(request: HttpRequest) -> ZoneInfo | None:
    """Return the time zone that the browser says it is in; None without scripts, or where it is none."""
    return zone_called(request.COOKIES.get(COOKIE, ""))
