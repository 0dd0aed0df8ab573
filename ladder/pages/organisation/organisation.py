"""The organisation, as HR governs it: its name, who needs a second step, and how people sign in."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.refusals import NotNow
from competencies.people.models import Invitation, Organisation
from ladder.accounts import second_factor
from ladder.web.email import are_sent
from ladder.web.posted_from import posted_from
from ladder.web.views import require

from .forms import NameForm, SecondFactorForm


@require_safe
def organisation(request):
    return show(request, governed(request))


@posted_from("organisation", Organisation, "people.govern_organisation", key=None)
def rename(request):
    organisation = governed(request)
    form = NameForm(request.POST)
    if not form.is_valid():
        return show(request, organisation, name=form, status=422)
    organisation.rename(form.cleaned_data["name"], by=request.user)
    messages.success(request, _("Company name saved."))
    return redirect("organisation")


@posted_from("organisation", Organisation, "people.govern_organisation", key=None)
def require_second_factor(request):
    """Ask a second step of the chosen roles, from everybody's next click on."""
    organisation = governed(request)
    form = SecondFactorForm(request.POST, coverage=second_factor.coverage())
    if form.is_valid():
        try:
            second_factor.ask_of(organisation, form.cleaned_data["roles"], by=request.user)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. This applies from everyone’s next click."))
            return redirect("organisation")
    return show(request, organisation, asking=form, status=422)


def governed(request):
    """Return the organisation where the visitor governs it; to everybody else it looks missing."""
    organisation = Organisation.here()
    require(request, "people.govern_organisation", organisation)
    return organisation


def show(request, organisation, *, name=None, asking=None, status=200):
    """Answer with the page; a form that was refused stands in the place of its fresh one."""
    coverage = second_factor.coverage()
    chosen = asking.data.getlist("roles") if asking else organisation.second_factor_for
    context = {
        "organisation": organisation,
        "name_form": name or NameForm(initial={"name": organisation.name}),
        "asking": asking or SecondFactorForm(coverage=coverage),
        "coverage": [
            {"value": value, "label": label, "people": people, "without": without, "asked": value in chosen}
            for value, label, people, without in coverage
        ],
        "has_one": second_factor.has(request.user),
        "invited": Invitation.objects.active().count(),
        "provider": settings.OIDC_NAME,
        "issuer": settings.OIDC_ISSUER,
        "only": settings.OIDC_ONLY,
        "satisfies": settings.OIDC_SATISFIES_SECOND_FACTOR,
        "mails": are_sent(),
    }
    return render(request, "organisation/organisation.html", context, status=status)
