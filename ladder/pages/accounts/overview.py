"""Account and security: what opens an account, and where it is open."""

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.clock import now
from competencies.people.models import Token
from ladder.accounts.allauth_internals import end_other_sessions, end_sessions
from ladder.web.posted_from import posted_from

from .devices import device_of


@require_safe
def overview(request):
    factors = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    context = {
        "app": next((factor for factor in factors if factor.type == Authenticator.Type.TOTP), None),
        "passkeys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "codes_left": codes_left(factors),
        "sessions": sessions_of(request),
        "tokens": Token.objects.active().filter(person=request.user).count(),
        "version": settings.VERSION,
    }
    return render(request, "accounts/overview.html", context)


def codes_left(factors):
    """Return how many recovery codes are left, or None where there never were any."""
    for factor in factors:
        if factor.type == Authenticator.Type.RECOVERY_CODES:
            return len(factor.wrap().get_unused_codes())
    return None


def sessions_of(request):
    """Return the visitor's open sessions, the latest first: `[{session, device, current}]`. Two queries."""
    known = UserSession.objects.filter(user=request.user).order_by("-last_seen_at", "-pk")
    keys = [session.session_key for session in known]
    open_still = Session.objects.filter(session_key__in=keys, expire_date__gt=now())
    alive = set(open_still.values_list("session_key", flat=True))
    return [
        {"session": session, "device": device_of(session.user_agent), "current": session.is_current()}
        for session in known
        if session.session_key in alive
    ]


@posted_from("account")
def end_others(request):
    """End every session of the visitor but this one."""
    end_other_sessions(request, request.user)
    messages.success(request, _("All your other sessions have ended."))
    return redirect("account")


@posted_from("account")
def end_one(request, pk):
    """End one session of the visitor; of somebody else's it is not found."""
    session = UserSession.objects.filter(user=request.user, pk=pk).first()
    if session is None:
        raise Http404("nothing here")
    current = session.is_current()
    end_sessions(request, [session])
    if current:
        return redirect("sign_in")
    get_adapter(request).add_message(request, messages.SUCCESS, message=_("That session has ended."))
    return redirect("account")
