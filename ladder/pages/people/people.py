"""The directory for HR, and one person's page."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competencies.evidence.models import Evidence
from competencies.people.models import Organisation, Person, Placement, ReportingLine
from competencies.promotions.models import PromotionCase
from competencies.reviews.models import Review
from ladder.web import find, insist, query

PEOPLE_A_PAGE = 50


@require_safe
def directory(request):
    """Everyone here, found by name, team or email, with level and manager."""
    insist(request, "people.browse_people", Organisation.here())
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    people = Person.objects.allowing(request.user, "people.read_person").active()
    for word in words.split():
        people = people.filter(Q(name__icontains=word) | Q(team__icontains=word) | Q(email__icontains=word))
    page = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": standing(page.object_list),
        "words": words,
        "query": query(request),
    }
    return render(request, "people/directory.html", context)


@require_safe
def profile(request, pk):
    """A person: where they stand, since when, under whom, and what there is to read about them."""
    person = find(Person, request, "people.read_person", pk)
    visitor = request.user
    cases = (
        PromotionCase.objects.filter(subject=person).allowing(visitor, "promotions.read_case").with_state()
    )
    has_open_case = any(case.state in ("draft", "proposed") for case in cases)
    context = {
        "person": person,
        "placements": person.placements.select_related("track", "level"),
        "lines": person.lines.select_related("manager"),
        "reports": standing(Person.objects.reporting_to(person).active()),
        "reviews": Review.objects.filter(subject=person)
        .allowing(visitor, "reviews.read_review")
        .with_state(),
        "cases": cases,
        "evidence": Evidence.objects.filter(person=person).allowing(visitor, "evidence.read_evidence")[:5],
        "may_log": visitor.has_perm("evidence.log_evidence", person),
        "may_nominate": not has_open_case and visitor.has_perm("promotions.nominate_person", person),
    }
    return render(request, "people/profile.html", context)


def standing(people):
    """Return `[{person, placement, manager}]` as of today: three queries for any number of people."""
    people = list(people)
    placements = {
        row.person_id: row
        for row in Placement.objects.current().filter(person__in=people).select_related("track", "level")
    }
    lines = {
        row.person_id: row.manager
        for row in ReportingLine.objects.current().filter(person__in=people).select_related("manager")
    }
    return [
        {"person": person, "placement": placements.get(person.pk), "manager": lines.get(person.pk)}
        for person in people
    ]
