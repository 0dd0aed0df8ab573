"""Leaving and coming back, for HR."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.clock import today
from competencies.core.refusals import Refusal
from competencies.people.models import Person
from competencies.promotions.models import PromotionCase
from competencies.reviews.models import Review
from ladder.web.form_fields import add_refusal
from ladder.web.request import Request
from ladder.web.views import get_for

from .forms import LeavingForm
from .people import crumbs

NAMED = 50


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, pk: int) -> HttpResponse:
    """Say what a leaving entails, and note the day."""
    person = get_for(Person, request, "people.release_person", pk)
    form = LeavingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            left = person.leave(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            words = (
                _("%(person)s has left.")
                if not left.is_active
                else _("Leaving date recorded for %(person)s.")
            )
            messages.success(request, words % {"person": person})
            return redirect(person)
    context = {"person": person, "form": form, "crumbs": crumbs(_("Offboarding"), person)}
    context |= entailed(person, request.user)
    return render(request, "people/leaving.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def rejoin(request: Request, pk: int) -> HttpResponse:
    """Ask once, and take somebody back: before the day of their leaving, or after it."""
    person = get_for(Person, request, "people.readmit_person", pk)
    if request.method == "POST":
        was_here = person.is_active
        person.rejoin(by=request.user)
        words = (
            _("Offboarding undone: %(person)s stays.")
            if was_here
            else _("%(person)s is back. Assign a manager and a level.")
        )
        messages.success(request, words % {"person": person})
        return redirect(person)
    context = {"person": person, "crumbs": crumbs(_("Return"), person)}
    return render(request, "people/return.html", context)


def entailed(person, visitor):
    """Return what hangs on a person and needs somebody's hand when they leave."""
    reports = Person.objects.reporting_to(person).active()
    reviews = Review.objects.allowing(visitor, "reviews.read_review").filter(cycle__closing=None).with_state()
    cases = PromotionCase.objects.allowing(visitor, "promotions.read_case").open().with_state()
    return {
        "reports": reports[:NAMED],
        "reports_more": max(0, reports.count() - NAMED),
        "reviews_of": reviews.filter(subject=person),
        "reviews_by": reviews.filter(manager=person).exclude(subject=person)[:NAMED],
        "cases": cases.filter(subject=person),
        "cases_by": cases.filter(sponsor=person)[:NAMED],
        "grants": person.grants.in_force(),
        "today": today(),
    }
