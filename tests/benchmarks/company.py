"""A company of any size, written straight into the tables: a finished cycle, an open one, evidence.

The rows are what the transitions would leave behind; only the trail is shorter.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

BUILT_IN = Path(__file__).resolve().parents[2] / "seeds" / "frameworks" / "backend.yaml"
REPORTS_EACH = 8
SINCE = date(2023, 1, 1)
COMMENT = (
    "Wrote the design before the code, with two options compared, and **came back to it** after the "
    "first release to say what had turned out otherwise.\n\n- the figure before: 41 minutes\n- after: 9"
)


@transaction.atomic
def fill(size):
    """Fill an empty, migrated database with `size` people; return who and what the benchmark visits."""
    from competencies.framework.loading import load
    from competencies.people.models import Organisation, Person, RoleGrant
    from competencies.people.models.missing_assignments import retrace_everyone

    Organisation.objects.filter(pk=1).update(name="Benchmark Ltd")
    edition = load(BUILT_IN.read_bytes(), file=BUILT_IN.name, by=None)
    hr = Person.objects.create_user("hr@bench.example", "Hana Benchmark")
    for role in ("hr", "author", "auditor"):
        RoleGrant.objects.create(person=hr, role=role)
    edition.publish(by=hr)

    people = _people(size)
    _placements(people, edition)
    retrace_everyone()
    _evidence(edition)
    finished = _cycle("Spring", edition, hr, datetime.now(UTC) - timedelta(days=200))
    _answered(finished, share=1.0)
    finished.close(by=hr)
    current = _cycle("Autumn", edition, hr, datetime.now(UTC) - timedelta(days=10))
    _answered(current, share=0.5)
    return _visited(edition, people, finished, current, hr)


def _people(size):
    """A tree in which everyone above the leaves has eight reports."""
    from competencies.people.models import Person, ReportingLine
    from competencies.people.models.reporting_closure import relink_everyone
    from competencies.people.models.search_index import reindex_everyone

    people = Person.objects.bulk_create(
        [
            Person(email=f"p{n}@bench.example", name=f"Person {n:06d}", team=f"Team {n // 8}", password="!")
            for n in range(size)
        ],
        batch_size=2_000,
    )
    ReportingLine.objects.bulk_create(
        [
            ReportingLine(person=people[n], manager=people[(n - 1) // REPORTS_EACH], starts_on=SINCE)
            for n in range(1, size)
        ],
        batch_size=2_000,
    )
    relink_everyone()
    reindex_everyone()
    return people


def _placements(people, edition):
    from competencies.people.models import Placement

    levels, tracks = list(edition.level_set.all()), list(edition.track_set.all())
    Placement.objects.bulk_create(
        [
            Placement(
                person=person, track=tracks[n % 3], level=levels[0 if n % 4 else n % 3], starts_on=SINCE
            )
            for n, person in enumerate(people)
        ],
        batch_size=2_000,
    )


def _evidence(edition, each=6):
    """Six pieces for each person, forty days apart, of one competency each."""
    today = timezone.localdate()
    for number in range(each):
        _run(
            """
            INSERT INTO evidence_evidence
                   (version, person_id, author_id, happened_on, kind, title, text, link, recorded_at)
            SELECT 0, id, id, %s, 'delivery', 'A piece of ' || name, %s, '', %s FROM people_person
            """,
            [today - timedelta(days=40 * number + 7), COMMENT, timezone.now()],
        )
    first = edition.competency_set.order_by("pk").first().pk
    _run(
        """
        INSERT INTO evidence_tag (evidence_id, competency_id)
        SELECT id, %s + id %% 15 FROM evidence_evidence
        """,
        [first],
    )


def _run(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _cycle(name, edition, hr, opened):
    from competencies.core.clock import standing_at
    from competencies.reviews.models import Cycle
    from competencies.reviews.opening import open_cycle

    with standing_at(opened):
        cycle = Cycle.prepare(
            by=hr,
            name=name,
            editions=[edition],
            self_due_at=opened + timedelta(weeks=3),
            manager_due_at=opened + timedelta(weeks=4),
        )
        open_cycle(cycle, by=hr)
    return cycle


def _answered(cycle, *, share):
    """Answer everything in the first `share` of the reviews, hand it in and reveal it.

    Statements over whole tables: a company of 100,000 has three million ratings in a cycle.
    """
    from competencies.reviews.models import Tally

    reviews = cycle.reviews.order_by("pk")
    last = reviews[int(reviews.count() * share) - 1].pk
    of_these = "review.cycle_id = %s AND review.id <= %s"
    edition = cycle.editions.get()
    first = edition.scale.points.filter(value__isnull=False).order_by("pk").first().pk
    now = timezone.now()
    _run(
        f"""
        INSERT INTO reviews_rating (version, assessment_id, competency_id, point_id, comment)
        SELECT 1, assessment.id, competency.id, %s + (assessment.id + competency.id) %% 4, %s
        FROM reviews_review AS review
        JOIN reviews_assessment AS assessment ON assessment.review_id = review.id
        JOIN framework_competency AS competency ON competency.edition_id = %s
        WHERE {of_these}
        """,
        [first, COMMENT, edition.pk, cycle.pk, last],
    )
    _run(
        f"""
        INSERT INTO reviews_support (rating_id, evidence_id)
        SELECT rating.id, piece.id
        FROM reviews_review AS review
        JOIN reviews_assessment AS assessment ON assessment.review_id = review.id
        JOIN reviews_rating AS rating ON rating.assessment_id = assessment.id AND rating.id %% 3 = 0
        JOIN evidence_evidence AS piece ON piece.person_id = review.subject_id AND piece.id %% 3 = 1
        WHERE {of_these}
        """,
        [cycle.pk, last],
    )
    _run(
        f"""
        INSERT INTO reviews_submission (assessment_id, round, by_id, at, snapshot, digest)
        SELECT assessment.id, 1, assessment.author_id, %s, '{{}}', %s
        FROM reviews_review AS review
        JOIN reviews_assessment AS assessment ON assessment.review_id = review.id
        WHERE {of_these}
        """,
        [now, hashlib.sha256(b"{}").hexdigest(), cycle.pk, last],
    )
    _run(
        f"""
        INSERT INTO reviews_reveal (review_id, at)
        SELECT id, %s FROM reviews_review AS review WHERE {of_these}
        """,
        [now, cycle.pk, last],
    )
    in_now = cycle.reviews.filter(pk__lte=last).count()
    sides = dict.fromkeys(("selves", "managers", "both", "revealed"), in_now)
    Tally.objects.filter(cycle=cycle).update(**sides)


def _visited(edition, people, finished, current, hr):
    """The ids that the benchmark opens: a manager of eight, one of their reports, and HR."""
    from competencies.reviews.models import Assessment, Review

    manager, engineer = people[1], people[REPORTS_EACH + 1]
    open_reviews = Review.objects.filter(cycle=current, reveal=None).order_by("pk")
    unsubmitted = Assessment.objects.unsubmitted().filter(review__in=open_reviews, kind="self")
    placement = engineer.placement_on()
    return {
        "hr": hr.pk,
        "top": people[0].pk,
        "manager": manager.pk,
        "engineer": engineer.pk,
        "competency": edition.competency_set.first().pk,
        "track": placement.track_id,
        "level": placement.level_id,
        "cycle": current.pk,
        "review": Review.objects.get(cycle=current, subject=engineer).pk,
        "writers": [
            {"person": row.author_id, "assessment": row.pk} for row in unsubmitted.order_by("pk")[:40]
        ],
        "competencies": list(edition.competency_set.values_list("pk", flat=True)),
        "points": list(edition.scale.points.values_list("pk", flat=True)),
    }
