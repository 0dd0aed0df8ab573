"""The placement and manager that people have today, for every list of people."""

from competencies.core.prepared import prepared
from competencies.people.models import Placement, ReportingLine


def with_placements(people):
    """Return `[{person, placement, manager}]` as of today: three queries for any number of people."""
    people = list(people)
    pks = [person.pk for person in people]
    placements, managers = placements_of(pks), managers_of(pks)
    return [
        {"person": person, "placement": placements.get(person.pk), "manager": managers.get(person.pk)}
        for person in people
    ]


def placements_of(people):
    """Return the placement that each of `people` (ids) has today: `{id: Placement}`. One query."""
    return {row.person_id: row for row in _placements(sorted(people))}


def managers_of(people):
    """Return the manager that each of `people` (ids) has today: `{id: Person}`. One query."""
    return {row.person_id: row.manager for row in _lines(sorted(people))}


@prepared
def _lines(people: list[int]):
    return ReportingLine.objects.current().filter(person__in=people).select_related("manager")


@prepared
def _placements(people: list[int]):
    held = Placement.objects.current().filter(person__in=people)
    return held.select_related("track", "level__edition__framework")
