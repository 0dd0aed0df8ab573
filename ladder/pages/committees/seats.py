"""Who sits in a committee, and who is in the chair."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from competencies.core.refusals import NotNow
from competencies.people.models import Person
from competencies.promotions.models import Committee
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .committees import PAGE, committees_for, context_of, offered
from .forms import SeatForm


@posted_from("committee", Committee, "promotions.read_committee")
def seat(request: Request, pk: int) -> HttpResponse:
    """Give somebody a seat."""
    committee = get_for(committees_for, request, "promotions.seat_committee", pk)
    form = SeatForm(request.POST)
    if form.is_valid():
        person, chair = form.cleaned_data["person"], form.cleaned_data["chair"]
        try:
            committee.seat(person, chair=chair, by=request.user)
        except NotNow as refusal:
            form.add_error("person", str(refusal))
        else:
            messages.success(request, _("%(person)s is now on the committee.") % {"person": person})
            return respond(request, PAGE, {}, done=committee)
    context = context_of(request, committee, seat_form=form, **offered(request.POST.get("person", "")))
    return respond(request, PAGE, context, status=422)


@posted_from("committee", Committee, "promotions.read_committee")
def make_chair(request: Request, pk: int, person) -> HttpResponse:
    """Put somebody who sits there into the chair."""
    return _change(
        request, pk, person, lambda committee, who: committee.seat(who, chair=True, by=request.user)
    )


@posted_from("committee", Committee, "promotions.read_committee")
def unseat(request: Request, pk: int, person) -> HttpResponse:
    """Take somebody's seat away."""
    return _change(request, pk, person, lambda committee, who: committee.unseat(who, by=request.user))


def _change(request: Request, pk, person, change):
    """Make a change to the seat of somebody who sits in the committee."""
    committee = get_for(committees_for, request, "promotions.seat_committee", pk)
    who = get_object_or_404(Person, pk=person, seats__committee=committee, seats__ended_at=None)
    try:
        change(committee, who)
    except NotNow as refusal:
        messages.error(request, str(refusal))
    return respond(request, PAGE, {}, done=committee)
