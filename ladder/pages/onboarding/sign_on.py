"""To the company's provider and back."""

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ladder.accounts import single_sign_on
from ladder.web.views import onward

OURS = {"same-origin", "none", ""}


@login_not_required
@never_cache
@require_safe
def sign_on(request: HttpRequest) -> HttpResponse:
    """Send the visitor to the provider, when they asked for it here and not on somebody else's page.

    It is a link and no form: a browser holds every hop that follows a form against `form-action`, and which
    hosts a provider sends people through is not ours to know.
    """
    if not settings.OIDC_NAME:
        raise Http404("nothing here")
    if request.headers.get("Sec-Fetch-Site", "") not in OURS:
        return redirect("sign_in")
    try:
        return single_sign_on.start(request, to=onward(request))
    except OSError:
        sentence = _("%(provider)s isn’t responding. Try again in a minute.") % {
            "provider": settings.OIDC_NAME
        }
        messages.error(request, sentence % {"provider": settings.OIDC_NAME})
        return redirect("sign_in")


@login_not_required
@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Take the visitor in whom the provider sends back."""
    if not settings.OIDC_NAME:
        raise Http404("nothing here")
    return OAuth2CallbackView.adapter_view(single_sign_on.exchange(request))(request)
