"""The first person of all, by a link that was printed on the console."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.refusals import NotNow
from competencies.people.models import Organisation, RoleGrant
from ladder.accounts.first_steps import first_steps
from ladder.web.request import Request
from ladder.web.views import organisation_of, require

from .entering import enter
from .forms import SetUpForm

KEY = "set up"
ROLES = [RoleGrant.Role.HR, RoleGrant.Role.AUTHOR]


@login_not_required
@never_cache
@require_safe
def open_set_up(request: HttpRequest, key: str) -> HttpResponse:
    """Take the key out of the address at once, so that no history and no referrer keeps it."""
    demand_key(key)
    request.session[KEY] = key
    return redirect("set_up")


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Name the company and take in the first person, who governs it and writes its ladder."""
    key = request.session.get(KEY, "")
    demand_key(key)
    form = SetUpForm(request.POST or None)
    if request.method == "POST":
        if too_many := ratelimit.consume_or_429(request, action="set_up"):
            return too_many
        if form.is_valid():
            return _found(request, key, form)
    return render(request, "onboarding/set_up.html", {"form": form}, status=422 if form.errors else 200)


def demand_key(key: str) -> None:
    """Return quietly when `key` opens the set-up; to everybody else there is no such page."""
    if not Organisation.is_setup_key(key):
        raise Http404("nothing here")


def _found(request: HttpRequest, key: str, form: SetUpForm) -> HttpResponse:
    values = {name: form.cleaned_data[name] for name in ("company", "name", "email", "password")}
    try:
        person = Organisation.set_up(key, roles=ROLES, **values)
    except NotNow as refusal:
        raise Http404("nothing here") from refusal
    del request.session[KEY]
    return enter(request, person, to=resolve_url("next_steps"))


@require_safe
def next_steps(request: Request) -> HttpResponse:
    """What to do first in an empty house."""
    organisation = organisation_of(request)
    require(request, "people.govern_organisation", organisation)
    context = {"organisation": organisation, "steps": first_steps(request.user, organisation)}
    return render(request, "onboarding/next_steps.html", context)
