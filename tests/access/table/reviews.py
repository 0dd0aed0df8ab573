"""Cycles, reviews and assessments, page by page."""

from datetime import timedelta

from django.utils import timezone

from competencies.reviews.models import Assessment, Rating

from .asked import of_company, on, own, who

CYCLE, REVIEW, ASSESSMENT = "reviews.Cycle", "reviews.Review", "reviews.Assessment"
READ, WRITE = who("reviews.read_assessment"), who("reviews.write_assessment")
SEEN = (  # assessments of every state and relation; all of them in the long form
    "untouched, self", "drafts, self", "drafts, manager", "self in, self", "self in, manager",
    "manager in, manager", "not blind, self in, self", "revealed, self", "revealed, manager",
    "self given back, self", "manager given back, manager", "signed by both, manager",
    "closed on drafts, manager", "of before the move, manager", "of before the move, revealed, manager",
    "handed over, former", "of HR, manager in, manager", "by HR, self in, self",
    "by HR before the move, self in, self",
)  # fmt: skip


def held(scene):
    """Who holds a review as its manager and may read it: they are told why it cannot be aimed any more."""
    readers = who("reviews.read_review")
    names = {person.pk: name for name, person in scene.people.items()}
    return {
        label: {names[review.manager_id]} & readers.get(label, frozenset())
        for label, review in scene.rows[REVIEW].items()
    }


def authored(scene):
    """Who wrote an assessment and may read it still."""
    names = {person.pk: name for name, person in scene.people.items()}
    return {
        label: {names[assessment.author_id]} & READ.get(label, frozenset())
        for label, assessment in scene.rows[ASSESSMENT].items()
    }


def handed_in(scene):
    """The authors of what is handed in."""
    return {
        label: names
        for label, names in authored(scene).items()
        if scene.rows[ASSESSMENT][label].submission is not None
    }


def rating_of_manager(review):
    """The first rating in the submitted assessment of a manager, or None."""
    by_manager = Assessment.objects.submitted().filter(review=review, kind="manager")
    return Rating.objects.filter(assessment__in=by_manager).first()


def rated_by_manager(scene):
    """Who may compare a review, of those in which the manager's assessment is in."""
    readers = who("reviews.compare_review")
    return {
        label: names
        for label, names in readers.items()
        if rating_of_manager(scene.rows[REVIEW][label]) is not None
    }


def rating_of_manager_args(scene, row):
    rating = rating_of_manager(row)
    competency = rating.competency_id if rating else scene.rows["framework.Competency"]["published"].pk
    return (row.pk, competency)


def discussed(scene):
    """Who marked a review as discussed: they are told so."""
    return _done_by(scene, lambda review: [getattr(review, "discussion", None)])


def signed(scene):
    """Who signed off a review: they are told so."""
    return _done_by(scene, lambda review: review.signoffs.all())


def _done_by(scene, rows_of):
    names = {person.pk: name for name, person in scene.people.items()}
    readers = who("reviews.read_review")
    return {
        label: {names[row.by_id] for row in rows_of(review) if row} & readers.get(label, frozenset())
        for label, review in scene.rows[REVIEW].items()
    }


def in_state(*states):
    """Whoever runs the cycles that are in one of these states."""

    def found(scene):
        running = who("reviews.run_cycle")
        cycles = scene.rows[CYCLE].items()
        return {label: running.get(label, frozenset()) for label, cycle in cycles if cycle.state in states}

    return found


def cycle_body(scene, row=None):
    due = timezone.now() + timedelta(days=20)
    return {
        "version": row.version if row else 0,
        "name": "Another",
        "edition": scene.rows["framework.Edition"]["published"].pk,
        "self_due_at": f"{due:%Y-%m-%dT%H:%M}",
        "manager_due_at": f"{due:%Y-%m-%dT%H:%M}",
        "who": "everyone",
    }


def rating_args(scene, row):
    return (row.pk, scene.rows["framework.Competency"]["published"].pk)


def rating_body(scene, row):
    rating = row.ratings.filter(competency=scene.rows["framework.Competency"]["published"]).first()
    point = row.review.level.edition.scale.points.first()
    return {"version": rating.version if rating else 0, "point": point.pk, "comment": "Typed."}


def level_body(scene, row):
    return {"level": row.level.next_steps().first().pk}


def piece_body(scene, row):
    return {"title": "Told", "happened_on": "2026-01-05", "kind": "delivery"}


def reason(scene, row):
    return {"reason": "A slip."}


ALL_RATED = {"self given back, self": {"lena"}, "manager given back, manager": {"mara"}}
OF_RATING = {"args": rating_args, "labels": SEEN}

OPENED, CLOSED = in_state("open", "closed"), in_state("closed")
ROUTES = {
    "cycles": {"GET": of_company("people.run_cycles")},
    "cycle_new": {
        "GET": of_company("people.run_cycles"),
        "POST": of_company("people.run_cycles", 302, body=cycle_body),
    },
    "cycle": {"GET": on(CYCLE, (200, who("reviews.run_cycle")))},
    "cycle_edit": {
        "GET": on(CYCLE, (200, who("reviews.open_cycle")), (302, OPENED)),
        "POST": on(CYCLE, (302, who("reviews.open_cycle")), (302, OPENED), body=cycle_body),
    },
    "opening": {
        "GET": on(CYCLE, (302, who("reviews.run_cycle"))),
        "POST": on(
            CYCLE, (302, {"preparing": {"hana", "hugo"}}), (422, who("reviews.open_cycle")), (302, OPENED)
        ),
    },
    "closing": {
        "GET": on(CYCLE, (200, who("reviews.close_cycle")), (302, CLOSED)),
        "POST": on(
            CYCLE,
            (302, who("reviews.close_cycle")),
            (302, CLOSED),
            body=lambda scene, row: {"name": row.name},
        ),
    },
    "reviews": {"GET": own()},
    "review": {"GET": on(REVIEW, (200, who("reviews.read_review")))},
    "manager_rating": {"GET": on(REVIEW, ((302, 200), rated_by_manager), args=rating_of_manager_args)},
    "yardstick": {
        "GET": on(REVIEW, (302, who("reviews.read_review"))),
        "POST": on(REVIEW, (302, who("reviews.aim_review")), (422, held), body=level_body),
    },
    "discussion": {
        "GET": on(REVIEW, (302, who("reviews.read_review"))),
        "POST": on(REVIEW, (302, who("reviews.discuss_review")), (302, discussed)),
    },
    "signoff": {
        "GET": on(REVIEW, (302, who("reviews.read_review"))),
        "POST": on(REVIEW, (302, who("reviews.sign_review")), (302, signed)),
    },
    "hand_over": {
        "GET": on(REVIEW, (302, who("reviews.hand_over_review"))),
        "POST": on(REVIEW, (302, who("reviews.hand_over_review"))),
    },
    "assessment": {"GET": on(ASSESSMENT, (200, READ))},
    "rating": {
        "GET": on(ASSESSMENT, ((302, 200), WRITE), **OF_RATING),
        "POST": on(ASSESSMENT, ((302, 200), WRITE), (422, authored), body=rating_body, **OF_RATING),
    },
    "support": {
        "GET": on(ASSESSMENT, (200, WRITE), **OF_RATING),
        "POST": on(ASSESSMENT, ((302, 200), WRITE), body=piece_body, **OF_RATING),
    },
    "other_evidence": {"GET": on(ASSESSMENT, (200, WRITE), **OF_RATING)},
    "submission": {
        "GET": on(ASSESSMENT, (302, handed_in), (200, WRITE), labels=SEEN),
        "POST": on(ASSESSMENT, (302, ALL_RATED), (422, WRITE), (422, handed_in), labels=SEEN),
    },
    "reopening": {
        "GET": on(ASSESSMENT, (302, READ), labels=SEEN),
        "POST": on(ASSESSMENT, (302, who("reviews.reopen_assessment")), body=reason, labels=SEEN),
    },
}
