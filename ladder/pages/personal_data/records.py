"""The page of a whole record: one's own, and what HR does with that of others."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.people.models import Person
from competencies.personal_data.erasure import removals
from competencies.personal_data.models import Export, Hold
from ladder.web.views import get_for, respond

from .forms import HoldForm, LiftForm

PAGE = "personal_data/record.html"
EXPORTS_SHOWN = 5


@require_safe
def mine(request):
    """Show what is kept about oneself, and a copy of it."""
    return show(request, get_for(people(request), request, "records.read_record", request.user.pk))


@require_safe
def of_person(request, pk):
    """Show HR a copy for the person, holds, and the way to erasure. One's own has an address of its own."""
    if pk == request.user.pk:
        return redirect("record")
    return show(request, get_for(people(request), request, "records.read_record", pk))


def people(request):
    """Return people marked with what the visitor may do with their whole record."""
    return Person.objects.marking(
        request.user,
        may_export="records.order_export",
        may_hold="records.hold_person",
        may_erase="records.erase_person",
        may_open="people.read_person",
    ).select_related("erasure__receipt", "erasure__by")


def seen(request, pk):
    """Return a person as the page shows them, without the reading noted: for what is done on the page."""
    return get_for(people(request), request, "records.read_record", pk, noting=False)


def show(request, person, *, status=200, **forms):
    """Answer with the page of the record of `person`; `forms` are those that came back with a refusal."""
    of_self = person.pk == request.user.pk
    holds = Hold.objects.filter(person=person).select_related("by", "lifted_by")
    exports = Export.objects.filter(person=person).allowing(request.user, "records.read_export")
    exports = exports.select_related("job")
    context = {
        "person": person,
        "mine": of_self,
        "exports": exports[:EXPORTS_SHOWN],
        "held_since": min((hold.at for hold in holds if hold.lifted_at is None), default=None),
        "holds": [] if of_self else [(hold, LiftForm(prefix=f"hold-{hold.pk}")) for hold in holds],
        "hold_form": HoldForm(),
        "went": removals(person.erasure.receipt) if hasattr(person, "erasure") else [],
        "crumbs": [] if of_self else crumbs(person),
    }
    return respond(request, PAGE, context | forms, status=status)


def crumbs(person, *more):
    """Return the way to the page of the record of somebody else, and on from it."""
    return [
        {"label": person.name, "url": person.get_absolute_url()},
        {"label": _("Full record"), "url": reverse("record_of", args=[person.pk]) if more else ""},
        *more,
    ]
