"""The first page after signing in: what do I do now, and where do I stand?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competencies.core.prepared import prepared
from competencies.framework.in_force import InForce
from competencies.framework.models import Level, Track
from competencies.people.models import Person
from competencies.reviews.models import Cycle, Review
from competencies.reviews.models.cycle import read_editions
from ladder.accounts.first_steps import first_steps
from ladder.web.request import Request
from ladder.web.views import organisation_of

from .groups import grouped
from .tasks import assessments_by, cases_of, reviews_to_end, tasks_of
from .waiting import lately, waiting_for_others

SHOWN = 3


@require_safe
def home(request: Request) -> HttpResponse:
    person = request.user
    placement, organisation = person.placement_on(), organisation_of(request)
    manager = person.manager_on()
    assessments, reviews, cases = assessments_by(person), reviews_to_end(person), cases_of(person)
    tasks = tasks_of(person, organisation, placement, assessments=assessments, reviews=reviews, cases=cases)
    context = {
        "tasks": tasks,
        "groups": grouped(tasks, assessments),
        "waiting": waiting_for_others(person, manager, assessments, reviews, cases),
        "lately": lately(person, reviews, cases),
        "first_steps": first_steps(person, organisation),
        "placement": placement,
        "next_steps": next_steps(placement),
        "manager": manager,
        "review": latest_review(person),
        "cycles": under_way(person),
    }
    return render(request, "home/today.html", context)


def next_steps(placement):
    """Return the levels that follow the one held, in the edition in force of its framework.

    As `[(level, track)]`: the track is the one held, in that edition.
    """
    edition = placement and InForce().of(placement)
    if edition is None:
        return []
    held = Level.objects.filter(edition=edition, key=placement.level.key).first()
    track = Track.objects.filter(edition=edition, key=placement.track.key).first()
    if held is None or track is None:
        return []
    return [(level, track) for level in held.next_steps()]


def under_way(person):
    """Return the open cycles that concern a person, the one due first on top."""
    cycles = _open_cycles(person)
    read_editions(cycles)
    return cycles


@prepared
def _open_cycles(person: Person):
    cycles = Cycle.objects.allowing(person, "reviews.read_cycle").open()
    return cycles.order_by("self_due_at", "pk")[:SHOWN]


def latest_review(person):
    """Return one's newest review with its state, or None."""
    return next(iter(_latest_reviews(person)), None)


@prepared
def _latest_reviews(person: Person):
    return Review.objects.filter(subject=person).with_state().order_by("-cycle__opening__at", "-pk")[:1]
