"""What stands before Ladder: a proxy that says for whom it asks, and whoever looks whether it lives."""

import logging

from django.conf import settings
from django.utils.decorators import sync_only_middleware

PROBES = ("/healthz", "/readyz")
WITHOUT_ADDRESS = (
    "The proxy sends no X-Forwarded-For: all visitors share one limit on guesses, and one of them can use it "
    "up for all. See docs/hosting.md for what a proxy has to send."
)
logger = logging.getLogger(__name__)


@sync_only_middleware
def mind_the_proxy(get_response):
    """Let probes in under any host name, as they ask by address; say once on the log what the proxy omits."""
    told = False

    def mind(request):
        nonlocal told
        if request.path_info in PROBES:
            request.asked_host = request.META.get("HTTP_HOST", "")
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
        elif settings.ALLAUTH_TRUSTED_PROXY_COUNT and "HTTP_X_FORWARDED_FOR" not in request.META and not told:
            told = True
            logger.warning(WITHOUT_ADDRESS)
        return get_response(request)

    return mind
