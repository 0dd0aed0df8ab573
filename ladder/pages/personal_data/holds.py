"""Holds: a record that has to be kept, until somebody says why not any more."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from competencies.core.refusals import NotNow
from competencies.people.models import Person
from competencies.personal_data.models import Hold
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for

from .forms import HoldForm, LiftForm
from .records import seen, show


@posted_from("record_of", Person, "records.hold_person")
def place(request: Request, pk: int) -> HttpResponse:
    """Hold the record of somebody."""
    person = get_for(Person, request, "records.hold_person", pk)
    form = HoldForm(request.POST)
    if form.is_valid() and _done(
        form, Hold.place, person, by=request.user, reason=form.cleaned_data["reason"]
    ):
        messages.success(request, _("Hold placed. The record can’t be erased until the hold is lifted."))
        return redirect("record_of", person.pk)
    return show(request, seen(request, person.pk), status=422, hold_form=form)


@posted_from("record_of", Hold, "records.lift_hold", key="person_id")
def lift(request: Request, pk: int) -> HttpResponse:
    """Lift a hold."""
    hold = get_for(Hold.objects.select_related("person"), request, "records.lift_hold", pk)
    form = LiftForm(request.POST, prefix=f"hold-{hold.pk}")
    if form.is_valid() and _done(form, hold.lift, by=request.user, **form.cleaned_data):
        messages.success(request, _("Hold lifted."))
        return redirect("record_of", hold.person_id)
    return show(request, seen(request, hold.person_id), status=422, lifting=form, lifted=hold.pk)


def _done(form, transition, *rows, **details):
    """Return True if the transition was taken; where it was refused, the form says why."""
    try:
        transition(*rows, **details)
    except NotNow as refusal:
        form.add_error("reason", str(refusal))
    return form.is_valid()
