"""How one person gets in, as HR sees and mends it."""

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.refusals import NotNow
from competencies.notices.models import Letter
from competencies.people.models import Invitation, Organisation, Person
from ladder.accounts import second_factor, single_sign_on
from ladder.jobs import email_outbox
from ladder.web.posted_from import posted_from
from ladder.web.views import get_for, require


@require_safe
def access(request, pk):
    """What opens this person's account, and what HR can do when it does not."""
    require(request, "people.govern_organisation", Organisation.here())
    person = get_for(Person, request, "people.read_person", pk)
    visitor = request.user
    context = {
        "person": person,
        "invitation": Invitation.objects.active().filter(person=person).first(),
        "connection": SocialAccount.objects.filter(user=person).first(),
        "factors": second_factor.bearers().filter(user=person).count(),
        "asked": Organisation.here().asks_second_factor_of(person),
        "provider": settings.OIDC_NAME,
        "only": settings.OIDC_ONLY,
        "may_invite": not settings.OIDC_ONLY
        and not person.has_usable_password()
        and person.last_login is None
        and visitor.has_perm("people.invite_person", person),
        "may_reset": visitor.has_perm("people.reset_second_factor", person),
        "crumbs": [
            {"label": _("People"), "url": reverse("people")},
            {"label": person.name, "url": person.get_absolute_url()},
            {"label": _("Sign-in and access")},
        ],
    }
    return render(request, "organisation/access.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reset_second_factor(request, pk):
    """Ask first; then take off the second step of somebody who lost it, and tell them."""
    person = get_for(Person, request, "people.reset_second_factor", pk)
    if request.method == "POST":
        try:
            _reset(person, by=request.user)
        except NotNow as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("%(person)s signs in without two-factor authentication until they set it up again.")
                % {"person": person},
            )
        return redirect("access", person.pk)
    context = {
        "person": person,
        "factors": second_factor.bearers().filter(user=person).count(),
        "crumbs": [
            {"label": person.name, "url": person.get_absolute_url()},
            {"label": _("Sign-in and access"), "url": reverse("access", args=[person.pk])},
            {"label": _("Two-factor authentication")},
        ],
    }
    return render(request, "organisation/reset.html", context)


@transaction.atomic
def _reset(person, *, by):
    second_factor.reset(person, by=by)
    email_outbox.order(Letter.Kind.SECOND_FACTOR, to=person, by=by)


@posted_from("access", Person, "people.reset_second_factor")
def disconnect(request, pk):
    """Forget whom the provider knows this person as; the next sign-in there connects them anew."""
    person = get_for(Person, request, "people.reset_second_factor", pk)
    try:
        single_sign_on.disconnect(person, by=request.user)
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Disconnected. %(person)s connects again at their next sign-in with the provider.")
            % {"person": person},
        )
    return redirect("access", person.pk)
