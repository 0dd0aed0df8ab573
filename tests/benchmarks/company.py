"""A company of any size, written straight into the tables: a finished cycle, an open one, evidence.

The rows are what the transitions would leave behind; only the trail is shorter.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import transaction
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

    Organisation.objects.filter(pk=1).update(name="Benchmark Ltd")
    edition = load(BUILT_IN.read_bytes(), file=BUILT_IN.name, by=None)
    hr = Person.objects.create_user("hr@bench.example", "Hana Benchmark")
    for role in ("hr", "author", "auditor"):
        RoleGrant.objects.create(person=hr, role=role)
    edition.publish(by=hr)

    people = _people(size)
    _placements(people, edition)
    _evidence(people, edition)
    finished = _cycle("Spring", edition, hr, datetime.now(UTC) - timedelta(days=200))
    _answered(finished, people, share=1.0)
    finished.close(by=hr)
    current = _cycle("Autumn", edition, hr, datetime.now(UTC) - timedelta(days=10))
    _answered(current, people, share=0.5)
    return _visited(edition, people, finished, current, hr)


def _people(size):
    """A tree in which everyone above the leaves has eight reports."""
    from competencies.people.chains import relink_everyone
    from competencies.people.models import Person, ReportingLine

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


def _evidence(people, edition, each=6):
    from competencies.evidence.models import Evidence, Tag

    competencies = list(edition.competency_set.all())
    today = timezone.localdate()
    pieces = Evidence.objects.bulk_create(
        [
            Evidence(
                person=person,
                author=person,
                title=f"Piece {m} of {person.name}",
                text=COMMENT,
                happened_on=today - timedelta(days=40 * m + n % 30 + 1),
            )
            for n, person in enumerate(people)
            for m in range(each)
        ],
        batch_size=2_000,
    )
    Tag.objects.bulk_create(
        [Tag(evidence=piece, competency=competencies[n % 15]) for n, piece in enumerate(pieces)],
        batch_size=5_000,
    )


def _cycle(name, edition, hr, opened):
    from competencies.access.clock import standing_at
    from competencies.reviews.models import Cycle
    from competencies.reviews.opening import open_cycle

    with standing_at(opened):
        cycle = Cycle.prepare(
            by=hr,
            name=name,
            edition=edition,
            self_due_at=opened + timedelta(weeks=3),
            manager_due_at=opened + timedelta(weeks=4),
        )
        open_cycle(cycle, by=hr)
    return cycle


def _answered(cycle, people, *, share):
    """Answer everything in the first `share` of the reviews, hand it in and reveal it."""
    from competencies.reviews.models import Assessment, Rating, Reveal, Review, Submission, Support

    reviews = list(Review.objects.filter(cycle=cycle).order_by("pk"))
    reviews = reviews[: int(len(reviews) * share)]
    chosen = {review.pk for review in reviews}
    assessments = [row for row in Assessment.objects.filter(review__cycle=cycle) if row.review_id in chosen]
    points = list(cycle.edition.scale.points.filter(value__isnull=False))
    competencies = list(cycle.edition.competency_set.all())
    ratings = Rating.objects.bulk_create(
        [
            Rating(
                assessment=row,
                competency=competency,
                point=points[(row.pk + n) % len(points)],
                comment=COMMENT,
                version=1,
            )
            for row in assessments
            for n, competency in enumerate(competencies)
        ],
        batch_size=2_000,
    )
    _supported(Support, ratings, reviews, assessments)
    empty = hashlib.sha256(b"{}").hexdigest()
    Submission.objects.bulk_create(
        [
            Submission(assessment=row, round=1, by_id=row.author_id, snapshot="{}", digest=empty)
            for row in assessments
        ],
        batch_size=2_000,
    )
    Reveal.objects.bulk_create([Reveal(review=review) for review in reviews], batch_size=2_000)


def _supported(support, ratings, reviews, assessments):
    from competencies.evidence.models import Evidence

    subjects = {review.pk: review.subject_id for review in reviews}
    of_assessment = {row.pk: subjects[row.review_id] for row in assessments}
    pieces = {}
    for pk, person in Evidence.objects.values_list("pk", "person"):
        pieces.setdefault(person, []).append(pk)
    support.objects.bulk_create(
        [
            support(rating=rating, evidence_id=pk)
            for n, rating in enumerate(ratings)
            if n % 3 == 0
            for pk in pieces[of_assessment[rating.assessment_id]][:2]
        ],
        batch_size=5_000,
    )


def _visited(edition, people, finished, current, hr):
    """The ids that the benchmark opens: a manager of eight, one of their reports, and HR."""
    from competencies.reviews.models import Assessment, Review

    manager, engineer = people[1], people[REPORTS_EACH + 1]
    open_reviews = Review.objects.filter(cycle=current, reveal=None).order_by("pk")
    unsubmitted = Assessment.objects.unsubmitted().filter(review__in=open_reviews, kind="self")
    placement = engineer.placement_on()
    return {
        "hr": hr.pk,
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
