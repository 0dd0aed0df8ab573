from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from competencies.framework.titles import told_apart
from competencies.promotions.models.policy import Policy, levels_to_seat, seat_of
from ladder.web.request import Request
from ladder.web.views import require, respond

from .context import way_in
from .forms import PolicyForm

PAGE = "promotions/policy.html"


@require_http_methods(["GET", "HEAD", "POST"])
def govern(request: Request) -> HttpResponse:
    """How promotions go here, for HR."""
    policy = Policy.here()
    require(request, "promotions.govern_policy", policy)
    decided = {name: getattr(policy, name) for name in Policy.DECIDED} | {"seats": policy.levels_with_seat}
    posted = request.POST if request.method == "POST" else None
    form = PolicyForm(posted, initial=decided, levels=_levels())
    if form.is_valid():
        try:
            policy.change(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.details.get("field"), str(refusal))
        else:
            messages.success(request, _("You saved the policy. It applies from now on."))
            return redirect("promotion_policy")
    context = {"form": form, "crumbs": [*way_in(), {"label": _("Promotion policy")}]}
    return respond(request, PAGE, context, status=422 if form.errors else 200)


def _levels():
    """Return the levels to choose from, with their frameworks where there are several."""
    levels = levels_to_seat()
    titles = told_apart(levels)
    if len({level.edition_id for level in levels}) < 2:
        return [(seat_of(level), titles[level.pk]) for level in levels]
    return [(seat_of(level), f"{level.edition.framework}: {titles[level.pk]}") for level in levels]
