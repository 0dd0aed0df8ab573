"""The page behind an invitation: somebody chooses a password, and is in."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.refusals import NotNow
from competencies.people.models import Invitation, Organisation

from .entering import enter
from .forms import PasswordForm

OPENED, USED = "invitation", "invitation used"


@login_not_required
@never_cache
@require_safe
def open_invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Remember whose link it is and take the key out of the address. Nothing is used up by looking."""
    invitation = Invitation.objects.bearing(key)
    request.session[OPENED] = invitation.pk if invitation else None
    request.session[USED] = invitation is None and Invitation.objects.used(key) is not None
    return redirect("invitation")


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Choose a password, then go in. A link that is old, taken back or unknown gets one answer.

    Whoever bears one that was used is told so, as only its owner was given it.
    """
    pk = request.session.get(OPENED) or 0
    invitation = Invitation.objects.active().select_related("person").filter(pk=pk).first()
    if invitation is None:
        return not_good(request)
    form = PasswordForm(request.POST or None, person=invitation.person)
    if request.method == "POST":
        if too_many := ratelimit.consume_or_429(request, action="invitation", key=str(pk)):
            return too_many
        if form.is_valid():
            return _accept(request, invitation, form.cleaned_data["password"])
    context = {"form": form, "invitation": invitation, "organisation": Organisation.here()}
    return render(request, "onboarding/invitation.html", context, status=422 if form.errors else 200)


def _accept(request: HttpRequest, invitation: Invitation, password: str) -> HttpResponse:
    try:
        person = invitation.accept(password)
    except NotNow:
        return not_good(request)
    del request.session[OPENED]
    return enter(request, person, to=resolve_url("home"))


def not_good(request: HttpRequest) -> HttpResponse:
    context = {"used": request.session.get(USED, False)}
    return render(request, "onboarding/no_invitation.html", context, status=404)
