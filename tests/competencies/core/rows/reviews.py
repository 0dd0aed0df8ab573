"""Reviews in every state, and those that no transition leaves so."""

from competencies.core.clock import now, standing_at
from competencies.framework.models import Edition
from competencies.reviews.models import Assessment, Cycle, Opening, Rating, Review, Submission
from competencies.reviews.opening import open_cycle

from ..cast import MONTH


def make_reviews(people):
    lena, mara, hana, hugo = (people[name] for name in ("lena", "mara", "hana", "hugo"))
    reviews = {}

    def opened(name, subject=lena, **fields):
        cycle = make_prepared(name, subject, hugo, **fields)
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
        opened("handed over, revealed")
        _submit(opened("by HR before the move, self in", subject=people["jo"]), "self")
        _submit(opened("by HR before the move, revealed", subject=people["jo"]), "self", "manager")
    with standing_at(now() - 4 * MONTH):  # when Stella was Ines's manager
        _submit(opened("before the move to HR, self in", subject=people["ines"]), "self")
    reviews["handed over"].hand_over(mara, by=hugo)
    reviews["handed over, revealed"].hand_over(mara, by=hugo)
    _submit(reviews["handed over, revealed"], "self", "manager")
    _submit(opened("of HR, manager in", subject=hana), "manager")
    _submit(opened("of HR, revealed", subject=hana), "self", "manager")
    _submit(opened("by HR, self in", subject=people["ines"]), "self")
    _submit(opened("below HR, both in", subject=people["ida"]), "self", "manager")
    return {name: Review.objects.get(pk=review.pk) for name, review in reviews.items()}


def make_prepared(name, subject, hugo, **fields):
    return Cycle.prepare(
        by=hugo,
        name=name,
        editions=[Edition.objects.in_force().get()],
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


def make_odd_reviews(people, edition):
    """Reviews that no transition leaves so: what the rules say of them is the braces to a belt."""
    lena, mara, fay, dora = (people[name] for name in ("lena", "mara", "fay", "dora"))

    def odd(name, *, held_by=mara, opened=True, submitted=(), **authors):
        cycle = Cycle.objects.create(
            name=name,
            created_by=people["hugo"],
            self_due_at=now(),
            manager_due_at=now(),
            everyone=False,
        )
        cycle.spannings.create(edition=edition, framework=edition.framework)
        if opened:
            Opening.objects.create(cycle=cycle, by=people["hugo"])
        placement = lena.placement_on()
        review = Review.objects.create(
            cycle=cycle,
            subject=lena,
            manager=held_by,
            track=placement.track,
            level=placement.level,
            held_level=placement.level,
        )
        for kind, author in authors.items():
            assessment = Assessment.objects.create(review=review, kind=kind, author=author)
            if kind in submitted:
                Submission.objects.create(assessment=assessment, round=1, by=author)
        return review

    return {
        review.cycle.name: review
        for review in (
            odd("never opened", opened=False, self=lena, manager=mara, submitted=["self"]),
            odd("both in, not revealed", self=lena, manager=mara, submitted=["self", "manager"]),
            odd("sides swapped", self=mara, manager=lena),
            odd("back with Mara", self=lena, manager=mara, former=mara),
            odd("held by Fay", held_by=fay, self=lena, manager=mara),
            odd("held by Dora", held_by=dora, self=lena, manager=dora),
        )
    }
