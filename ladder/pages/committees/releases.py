"""Decisions that wait to be released, and their release at one instant."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.clock import now, today
from competencies.core.refusals import Refusal
from competencies.packets import releasing
from competencies.promotions.models import Decision
from ladder.web.request import Request
from ladder.web.views import organisation_of, require, respond

from .forms import ReleaseForm

LIST, PAGE = "committees/releases.html", "committees/release_new.html"


@require_safe
def show_releases(request: Request) -> HttpResponse:
    """Show HR what is decided and not released, and what each would do, to choose several."""
    require(request, "promotions.seat_committees", organisation_of(request))
    context = {
        "rows": waiting_for(request.user),
        "today": today(),
        "crumbs": [{"label": _("Committees"), "url": reverse("committees")}, {"label": _("Releases")}],
    }
    return respond(request, LIST, context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_release(request: Request) -> HttpResponse:
    """Show what would happen with the chosen decisions, and by POST let it happen, at one instant."""
    require(request, "promotions.seat_committees", organisation_of(request))
    rows = waiting_for(request.user)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = [row for row in rows if str(row.pk) in asked.getlist("decisions")]
    form = ReleaseForm(request.POST if request.method == "POST" else None, decisions=rows)
    if form.is_valid():
        try:
            releasing.release(list(form.cleaned_data["decisions"]), by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            sentence = ngettext("You released %(n)d decision.", "You released %(n)d decisions.", len(chosen))
            messages.success(request, sentence % {"n": len(chosen)})
            return respond(request, PAGE, {}, done=("releases",))
    context = {
        "rows": chosen,
        "promoted": [row for row in chosen if row.outcome == "promote"],
        "open_to_appeal": [row for row in chosen if row.may_be_appealed],
        "form": form,
        "now": now(),
        "crumbs": [
            {"label": _("Committees"), "url": reverse("committees")},
            {"label": _("Releases"), "url": reverse("releases")},
            {"label": _("Release")},
        ],
    }
    return respond(request, PAGE, context, status=422 if form.errors else 200)


def waiting_for(person):
    """Return the decisions that `person` may release, with what their rows say."""
    return (
        Decision.objects.allowing(person, "promotions.release_decision")
        .select_related("by", "hearing__committee", "hearing__case__subject")
        .select_related("hearing__case__from_level", "hearing__case__to_level", "hearing__case__track")
        .order_by("at", "pk")
    )
