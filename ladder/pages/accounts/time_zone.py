"""The time zone in which a person sees times: the one they choose, else that of their browser."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.clock import zone
from ladder.web.form_fields import TimeZoneField, field_of
from ladder.web.request import Request
from ladder.web.time_zones import browser_zone


class TimeZoneForm(forms.Form):
    """The zone that is chosen; none for that of the browser, whose words are `otherwise`."""

    zone = TimeZoneField(required=False)

    def __init__(self, data=None, *, current, otherwise):
        super().__init__(data, initial={"zone": current})
        field_of(self, "zone", TimeZoneField).offer("", otherwise)


@require_http_methods(["GET", "HEAD", "POST"])
def time_zone(request: Request) -> HttpResponse:
    form = TimeZoneForm(
        request.POST if request.method == "POST" else None,
        current=request.user.time_zone,
        otherwise=_otherwise(request),
    )
    if request.method == "POST" and form.is_valid():
        request.user.choose_time_zone(form.cleaned_data["zone"], by=request.user)
        messages.success(request, _("Your time zone is saved."))
        return redirect("account")
    context = {
        "form": form,
        "zone_here": zone(),
        "crumbs": [
            {"label": _("Account and security"), "url": reverse("account")},
            {"label": _("Time zone")},
        ],
    }
    return render(request, "accounts/time_zone.html", context, status=422 if form.errors else 200)


def _otherwise(request: Request) -> str:
    """Say which zone counts for a visitor who chooses none."""
    if found := browser_zone(request):
        return _("My browser’s time zone: %(zone)s") % {"zone": found}
    return _("The organisation’s time zone: %(zone)s") % {"zone": zone()}
