"""What every request passes: a proxy before Ladder, headers of each answer, a database that is migrated."""

import logging

from django.conf import settings
from django.http import Http404
from django.utils.decorators import sync_only_middleware

from competencies.core.refusals import Denied
from ladder.ops.maintenance import Migrating, Unfit, sharing
from ladder.web.hooks import with_hooks
from ladder.web.outage_pages import answer

PROBES = ("/healthz", "/readyz")
WITHOUT_ADDRESS = (
    "The proxy doesn't send X-Forwarded-For: all visitors share one limit on sign-in attempts, and "
    "one of them can use it up for all. See docs/hosting.md for what a proxy has to send."
)
GUARDS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
}
logger = logging.getLogger(__name__)


@sync_only_middleware
def mind_the_proxy(get_response):
    """Let probes in under any host name, as they ask by address; say once on the log what the proxy omits."""
    has_warned = False

    def mind(request):
        nonlocal has_warned
        if request.path_info in PROBES:
            request.asked_host = request.META.get("HTTP_HOST", "")
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
        elif (
            settings.ALLAUTH_TRUSTED_PROXY_COUNT
            and "HTTP_X_FORWARDED_FOR" not in request.META
            and not has_warned
        ):
            has_warned = True
            logger.warning(WITHOUT_ADDRESS)
        return get_response(request)

    return mind


@sync_only_middleware
def guard_answers(get_response):
    """Add the headers that every answer carries, and keep what was shown to one person out of caches.

    Static files say themselves how long they keep; nothing else is kept anywhere.
    """

    def guarded(request):
        response = get_response(request)
        for header, value in GUARDS.items():
            response.headers.setdefault(header, value)
        return response

    return with_hooks(guarded, process_exception=look_missing)


def look_missing(request, exception):
    """Answer as for a missing row when a transition was denied that was allowed a moment before."""
    if isinstance(exception, Denied):
        raise Http404("nothing here") from exception


@sync_only_middleware
def keep_out_while_migrating(get_response):
    """Answer 503 while the database is migrated, or is not fit to be written to."""

    def kept(request):
        if request.path in PROBES:
            return get_response(request)
        try:
            with sharing():
                return get_response(request)
        except (Migrating, Unfit) as outage:
            return answer(request, outage)

    return kept
