"""The organisation's time zone: what another one would change, shown before it is confirmed."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.clock import now, zone
from competencies.core.refusals import NotNow
from competencies.people.models import Organisation
from competencies.reviews.time_zone_change import change_time_zone, preview
from ladder.web.request import Request

from .forms import TimeZoneForm
from .organisation import governed


@require_http_methods(["GET", "HEAD", "POST"])
def time_zone(request: Request) -> HttpResponse:
    """Show what the chosen zone changes; then change it, if what was shown is what would happen still."""
    organisation = governed(request)
    chosen = request.POST if request.method == "POST" else request.GET
    form = TimeZoneForm(chosen if "zone" in chosen else None, current=str(zone()))
    if request.method == "POST" and form.is_valid():
        try:
            change_time_zone(form.cleaned_data["zone"], seen=request.POST.get("seen", ""), by=request.user)
        except NotNow as refusal:
            form.add_error(refusal.details.get("field"), str(refusal))
        else:
            words = _("The organisation’s time zone is now %(zone)s.")
            messages.success(request, words % {"zone": form.cleaned_data["zone"]})
            return redirect("organisation")
    return _show(request, organisation, form)


def _show(request: Request, organisation: Organisation, form: TimeZoneForm) -> HttpResponse:
    changes = _preview(request, form)
    context = {
        "form": form,
        "changes": changes,
        "zone": str(zone()),
        "by_setting": not organisation.time_zone,
        "setting": settings.TIME_ZONE,
        "now": now(),
        "crumbs": [
            {"label": _("Organisation"), "url": reverse("organisation")},
            {"label": _("Time zone")},
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "organisation/time_zone.html", context, status=status)


def _preview(request: Request, form: TimeZoneForm):
    """Return the `Preview` of the zone that was chosen; None before one is, and where it is refused."""
    if "zone" not in form.data or "zone" in form.errors:
        return None
    try:
        return preview(form.data["zone"], by=request.user)
    except NotNow as refusal:
        form.add_error(refusal.details.get("field"), str(refusal))
        return None
