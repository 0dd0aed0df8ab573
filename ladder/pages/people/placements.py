"""The placement and manager that people have today, for every list of people."""

from competencies.people.models import Placement, ReportingLine


def with_placements(people):
    """Return `[{person, placement, manager}]` as of today: three queries for any number of people."""
    people = list(people)
    placements = placements_of(people)
    lines = {
        row.person_id: row.manager
        for row in ReportingLine.objects.current().filter(person__in=people).select_related("manager")
    }
    return [
        {"person": person, "placement": placements.get(person.pk), "manager": lines.get(person.pk)}
        for person in people
    ]


def placements_of(people):
    """Return the placement that each of `people` has today: `{id: Placement}`. One query."""
    rows = (
        Placement.objects.current()
        .filter(person__in=people)
        .select_related("track", "level__edition__framework")
    )
    return {row.person_id: row for row in rows}
