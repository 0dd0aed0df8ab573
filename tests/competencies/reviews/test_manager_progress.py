"""How far the reviews of each manager's reports have come, as somebody may know."""

from datetime import timedelta

import pytest

from competencies.core.clock import today
from competencies.people.models import Person
from competencies.reviews.manager_progress import managers_reviewed, progress_of


@pytest.fixture
def told(cycle, mara, noor):
    """A function that returns `[(manager, reviews, shared, late)]` as `reader` may know."""

    def ask(reader):
        rows = progress_of([mara, noor], cycle, reader=reader)
        return [(row.manager.name, row.reviews, row.shared, row.late) for row in rows]

    return ask


def test_what_is_shared_is_counted_by_who_manages_today(told, revealed, dora, hana, sam, noor):
    assert told(dora) == told(hana) == [("Mara", 3, 1, 0), ("Noor", 1, 0, 0)]

    sam.report_to(noor, starts_on=today(), by=hana)

    assert told(dora) == [("Mara", 2, 0, 0), ("Noor", 2, 1, 0)]


def test_a_side_that_is_due_is_late_whether_begun_or_not(
    told, revealed, cycle, of_self, competencies, dora, stella
):
    type(cycle).objects.update(self_due_at=cycle.self_due_at - timedelta(weeks=3))
    assert told(dora) == [("Mara", 3, 1, 2), ("Noor", 1, 0, 1)]

    begun = cycle.reviews.get(subject=stella).assessments.get(kind="self")
    begun.rate(competencies[0], by=stella, version=0, comment="Begun.")

    assert told(dora) == [("Mara", 3, 1, 2), ("Noor", 1, 0, 1)]


def test_only_reviews_that_may_be_read_are_counted(told, revealed, mara, noor, otto):
    assert told(mara) == [("Mara", 3, 1, 0), ("Noor", 0, 0, 0)]
    assert told(noor) == [("Mara", 0, 0, 0), ("Noor", 1, 0, 0)]
    assert told(otto) == [("Mara", 0, 0, 0), ("Noor", 0, 0, 0)]


def test_managers_of_nobody_who_is_reviewed_are_left_out(cycle):
    names = managers_reviewed(Person.objects.managing(), cycle).values_list("name", flat=True)

    assert sorted(names) == ["Mara", "Noor"]
