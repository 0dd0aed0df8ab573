"""
A company in which every state of a review stands at once, for the table of who may do what.

Beside the cast of `conftest.py`:

    Lena reported to Fay until a month ago, reports to Mara today, and will report to Finn in a month.
    Hana, of HR, reports to Dora and has Ines reporting to her, who reported to Stella three months ago;
    and she had Jo, who reports to Stella now.
    Hugo is of HR too, and nobody's manager.

All states are states of Lena's review, but for the last four.
"""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

from django.utils import timezone

from competencies.access.clock import now, standing_at, today
from competencies.evidence.models import Evidence
from competencies.framework.models import Edition
from competencies.people.models import Organisation, Person, Placement, ReportingLine, RoleGrant, Token
from competencies.reviews.models import Assessment, Cycle, Rating, Review
from competencies.reviews.opening import open_cycle

LONG_AGO = date(2024, 1, 1)
MONTH = timedelta(days=30)
CAST = (
    "lena", "mara", "fay", "finn", "dora", "stella", "noor", "kit",
    "hana", "hugo", "ines", "jo", "aude", "otto", "gone",
)  # fmt: skip


def build():
    """Make the company; return its people by name, and its rows: `{model label: {name of the row: row}}`."""
    people = _people()
    _lines(people, Edition.objects.in_force())
    reviews = _reviews(people)
    rows = {
        "people.Organisation": {"here": Organisation.here()},
        "people.Person": people,
        "people.Token": _tokens(people["lena"]),
        "evidence.Evidence": _evidence(people),
        "reviews.Cycle": {name: review.cycle for name, review in reviews.items() if "HR" not in name}
        | {"preparing": _prepared("preparing", people["lena"], people["hugo"])},
        "reviews.Review": reviews,
        "reviews.Assessment": {
            f"{name}, {assessment.kind}": assessment
            for name, review in reviews.items()
            for assessment in Assessment.objects.filter(review=review)
        },
    }
    return SimpleNamespace(people=people, rows=rows)


def _people():
    for name in ("lena", "fay", "finn", "hugo", "ines", "jo"):
        Person.objects.create_user(f"{name}@testing.example", name.title())
    people = {name: Person.objects.get(email=f"{name}@testing.example") for name in CAST}
    RoleGrant.objects.create(person=people["hugo"], role="hr")
    return people


def _lines(people, edition):
    a_month_ago, in_a_month = today() - MONTH, today() + MONTH
    for report, manager, starts_on, ends_on in (
        ("fay", "dora", LONG_AGO, None),
        ("finn", "dora", LONG_AGO, None),
        ("ines", "stella", LONG_AGO, a_month_ago - 2 * MONTH),
        ("ines", "hana", a_month_ago - 2 * MONTH, None),
        ("lena", "fay", LONG_AGO, a_month_ago),
        ("lena", "mara", a_month_ago, in_a_month),
        ("lena", "finn", in_a_month, None),
        ("jo", "hana", LONG_AGO, a_month_ago),
        ("jo", "stella", a_month_ago, None),
    ):
        ReportingLine.objects.create(
            person=people[report], manager=people[manager], starts_on=starts_on, ends_on=ends_on
        )
    for name in ("lena", "hana", "ines", "jo"):
        Placement.objects.create(
            person=people[name],
            track=edition.track_set.get(key="java"),
            level=edition.level_set.get(key="senior"),
            starts_on=LONG_AGO,
        )


def _tokens(lena):
    tokens = {name: Token.issue(lena, by=lena, label=name)[0] for name in ("in force", "revoked")}
    tokens["revoked"].revoke(by=lena)
    return tokens


def _evidence(people):
    competency = Edition.objects.in_force().competency_set.first()

    def piece(of, by, day):
        with standing_at(timezone.make_aware(datetime.combine(day, time(12)))):
            return Evidence.log(
                people[of], by=people[by], happened_on=day, title="A piece", competencies=[competency]
            )

    return {
        "of lena by lena": piece("lena", "lena", today()),
        "of lena by mara": piece("lena", "mara", today()),
        "of lena by fay": piece("lena", "fay", today() - 2 * MONTH),
        "of hana by hana": piece("hana", "hana", today()),
        "of kit by noor": piece("kit", "noor", today()),
    }


def _reviews(people):
    lena, mara, hana, hugo = (people[name] for name in ("lena", "mara", "hana", "hugo"))
    reviews = {}

    def opened(name, subject=lena, **fields):
        cycle = _prepared(name, subject, hugo, **fields)
        open_cycle(cycle, by=hugo)
        reviews[name] = cycle.reviews.get()
        return reviews[name]

    opened("untouched")
    _draft(opened("drafts"))
    _submit(opened("self in"), "self")
    _submit(opened("manager in"), "manager")
    _submit(opened("not blind, self in", blind=False), "self")
    _submit(opened("revealed"), "self", "manager")
    _submit(opened("self given back"), "self", "manager")
    _reopen(reviews["self given back"], "self", hugo)
    _submit(opened("manager given back"), "self", "manager")
    _reopen(reviews["manager given back"], "manager", hugo)
    _submit(opened("discussed"), "self", "manager").discuss(by=mara)
    _submit(opened("signed by lena"), "self", "manager").discuss(by=mara)
    reviews["signed by lena"].sign(by=lena)
    _submit(opened("signed by both"), "self", "manager").discuss(by=mara)
    reviews["signed by both"].sign(by=lena)
    reviews["signed by both"].sign(by=mara)
    opened("closed untouched").cycle.close(by=hugo)
    _draft(opened("closed on drafts")).cycle.close(by=hugo)
    _submit(opened("closed after the reveal"), "self", "manager").cycle.close(by=hugo)
    with standing_at(now() - 2 * MONTH):  # when Fay was Lena's manager
        _draft(opened("of before the move"))
        _submit(opened("of before the move, manager in"), "manager")
        _submit(opened("of before the move, revealed"), "self", "manager")
        _draft(opened("handed over"))
        _submit(opened("by HR before the move, self in", subject=people["jo"]), "self")
    with standing_at(now() - 4 * MONTH):  # when Stella was Ines's manager
        _submit(opened("before the move to HR, self in", subject=people["ines"]), "self")
    reviews["handed over"].hand_over(mara, by=hugo)
    _submit(opened("of HR, manager in", subject=hana), "manager")
    _submit(opened("of HR, revealed", subject=hana), "self", "manager")
    _submit(opened("by HR, self in", subject=people["ines"]), "self")
    return {name: Review.objects.get(pk=review.pk) for name, review in reviews.items()}


def _prepared(name, subject, hugo, **fields):
    return Cycle.prepare(
        by=hugo,
        name=name,
        edition=Edition.objects.in_force(),
        everyone=False,
        people=[subject],
        self_due_at=now() + MONTH,
        manager_due_at=now() + MONTH,
        **fields,
    )


def _draft(review):
    for assessment in review.assessments.all():
        assessment.rate(assessment.competencies()[0], by=assessment.author, version=0, comment="A draft.")
    return review


def _submit(review, *kinds):
    point = review.level.edition.scale.points.get(key="consistent")
    for kind in kinds:
        assessment = review.assessments.get(kind=kind)
        Rating.objects.bulk_create(
            Rating(assessment=assessment, competency=competency, point=point, version=1)
            for competency in assessment.competencies()
        )
        Assessment.objects.filter(pk=assessment.pk).update(started_at=now())
        assessment.submit(by=assessment.author)
    return review


def _reopen(review, kind, hugo):
    review.assessments.get(kind=kind).reopen(by=hugo, reason="A slip.")
