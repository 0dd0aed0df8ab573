"""Roles that no reporting line gives, for HR: granted and taken back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from competencies.people.models import Person, RoleGrant
from ladder.web.form_fields import add_refusal
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for

from .forms import RoleForm
from .people import crumbs

MEANING = {
    RoleGrant.Role.HR: gettext_lazy(
        "Sees everyone’s record, assigns levels and managers, runs review cycles and decides promotions."
    ),
    RoleGrant.Role.AUTHOR: gettext_lazy("Writes, imports and publishes editions of career frameworks."),
    RoleGrant.Role.AUDITOR: gettext_lazy("Reads the whole audit log and can’t change anything."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: Request, pk: int) -> HttpResponse:
    """The roles somebody holds, and one more to be granted."""
    person = get_for(Person, request, "people.grant_role", pk)
    form = RoleForm(request.POST if request.method == "POST" else None, held=held(person))
    if request.method == "POST" and form.is_valid():
        try:
            grant = person.grant(form.cleaned_data["role"], by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request,
                _("%(person)s now has the role %(role)s.")
                % {"person": person, "role": grant.get_role_display()},
            )
            return redirect("person_roles", person.pk)
    return _page(request, person, form)


@posted_from("person_roles", RoleGrant, "people.revoke_grant", key="person_id")
def revoke(request: Request, pk: int) -> HttpResponse:
    grant = get_for(RoleGrant.objects.select_related("person"), request, "people.revoke_grant", pk)
    try:
        grant.revoke(by=request.user)
    except Refusal as refusal:
        form = RoleForm(held=held(grant.person))
        return _page(request, grant.person, form, refusal=refusal)
    messages.success(
        request,
        _("%(person)s no longer has the role %(role)s.")
        % {"person": grant.person, "role": grant.get_role_display()},
    )
    return redirect("person_roles", grant.person_id)


def held(person):
    """Return the roles a person holds now."""
    return set(person.grants.in_force().values_list("role", flat=True))


def _page(request: Request, person, form, *, refusal=None):
    grants = person.grants.in_force().select_related("by")
    context = {
        "person": person,
        "form": form,
        "refusal": refusal,
        "crumbs": crumbs(_("Roles"), person),
        "rows": [{"grant": grant, "meaning": MEANING[grant.role]} for grant in grants],
        "meanings": [(label, MEANING[value]) for value, label in form.offered],
    }
    return render(request, "people/roles.html", context, status=422 if refusal or form.errors else 200)
