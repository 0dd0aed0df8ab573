"""The content of a packet: a promotion case as it stands, as plain JSON values (`format: 1`).

Everything that a reader of the document sees is in the snapshot, so that the document can be made
again, checked and compared without the database.
"""

from competencies.access.clock import day_of, today
from competencies.framework.models import Coverage, Expectation
from competencies.people.models import Organisation
from competencies.promotions.readiness import readiness
from competencies.reviews.comparing import by_month
from competencies.reviews.models import Assessment


def snapshot_of(case, *, number, variant, at, by):
    """Return the snapshot of `case` for packet `number` of a `variant`, frozen `at` an instant `by` somebody.

    Dates are ISO texts, instants end in Z, ratings carry their label beside their value, texts are
    Markdown. The candidate's copy leaves out what the committee said to itself.
    """
    rows = readiness(case)
    exhibits = list(
        case.exhibits.select_related("evidence__author").prefetch_related("evidence__competencies")
    )
    references = {exhibit.evidence_id: f"E{place}" for place, exhibit in enumerate(exhibits, start=1)}
    texts = {row.kind: row.text for row in case.statements.all()}
    return {
        "format": 1,
        "packet": {
            "number": number,
            "variant": str(variant),
            "frozen_at": _instant(at),
            "frozen_by": by.name,
            "language": "en",
        },
        "organisation": {"name": Organisation.here().name},
        "candidate": _candidate(case),
        "case": _case(case),
        "edition": _edition(case.to_level.edition),
        "summary": {"ask": texts["ask"], "claims": _claims(case)},
        "bar": _bar(case),
        "matrix": [_matrix_row(row, case) for row in rows],
        "stories": [_story(story, references) for story in _stories(case)],
        "scope": texts["scope"],
        "gaps": texts["gaps"],
        "need": texts["need"],
        "manager_statement": _manager_statement(case, texts["manager"]),
        "trajectory": _trajectory(rows),
        "evidence": [_exhibit(exhibit.evidence, references) for exhibit in exhibits],
        "months": [
            {"month": f"{month:%Y-%m}", "count": count}
            for month, count in by_month([exhibit.evidence for exhibit in exhibits])
        ],
        "decision": _decision(case, variant),
        "provenance": _provenance(case, rows),
    }


def _candidate(case):
    person = case.subject
    placement = next(
        (row for row in person.placements.select_related("level") if row.level.key == case.from_level.key),
        None,
    )
    manager = person.manager_on()
    since = placement and placement.starts_on
    return {
        "name": person.name,
        "pronouns": person.pronouns,
        "team": person.team,
        "track": _named(case.track),
        "level": {**_named(case.from_level), "rung": case.from_level.rung},
        "level_since": since and since.isoformat(),
        "months_in_level": since and _months(since, placement.ends_on or today()),
        "manager": manager.name if manager else "",
    }


def _case(case):
    cycle = next((row.name for row in _reviewed_cycles(case)), None)
    return {
        "id": case.pk,
        "from": _level(case.from_level),
        "to": _level(case.to_level),
        "sponsor": case.sponsor.name,
        "state": case.state,
        "opened_on": day_of(case.opened_at).isoformat(),
        "proposed_on": day_of(case.proposal.at).isoformat() if getattr(case, "proposal", None) else None,
        "wanted_from": case.wanted_from.isoformat() if case.wanted_from else None,
        "cycle": cycle,
    }


def _edition(edition):
    publication = getattr(edition, "publication", None)
    return {
        "framework": edition.framework.title,
        "number": edition.number,
        "published_on": day_of(publication.at).isoformat() if publication else None,
        "digest": edition.digest,
        "scale": [
            {
                "key": point.key,
                "label": point.label,
                "value": point.value,
                "bar": point.bar,
                "anchor": point.anchor,
            }
            for point in edition.scale.points.all()
        ],
    }


def _claims(case):
    return [
        {"text": claim.text, "competency": _named(claim.competency), "result": claim.result}
        for claim in case.claims.select_related("competency")
    ]


def _bar(case):
    """What the target level asks for in each competency, with the sentences it was taken from."""
    stated_by = set(
        Coverage.objects.filter(track=case.track, level=case.to_level).values_list("source", flat=True)
    )
    held = dict(Expectation.objects.filter(level=case.from_level).values_list("competency", "summary"))
    expectations = (
        Expectation.objects.filter(level=case.to_level)
        .select_related("competency__area")
        .prefetch_related("behaviours__citations__passage__source")
        .order_by("competency__position")
    )
    return [
        {
            "area": expectation.competency.area.title,
            **_named(expectation.competency),
            "from_summary": held.get(expectation.competency_id, ""),
            "to_summary": expectation.summary,
            "behaviours": [
                _behaviour(behaviour, case.track, stated_by)
                for behaviour in expectation.behaviours_for(case.track)
            ],
        }
        for expectation in expectations
    ]


def _behaviour(behaviour, track, stated_by):
    basis = behaviour.basis(track, stated_by)
    return {
        "text": behaviour.text,
        "cites": [
            {
                "ref": citation.passage.reference,
                "source": citation.passage.source.title,
                "gist": citation.passage.gist,
            }
            for citation in behaviour.citations.all()
        ],
        "stated": basis == "stated",
        "inferred": behaviour.inferred,
    }


def _matrix_row(row, case):
    latest, spread = row.latest, row.spread
    mine, theirs = (_point(latest.self_rating), _point(latest.manager_rating)) if latest else (None, None)
    values = [rating and rating["value"] for rating in (mine, theirs)]
    return {
        "area": row.competency.area.title,
        **_named(row.competency),
        "self": mine,
        "manager": theirs,
        "gap": None if None in values else values[1] - values[0],
        "evidence": spread.count,
        "months": spread.months,
        "sustained": row.sustained,
        "readiness": row.standing,
        "yardstick": latest.review.level.title if latest else "",
        "by": [manager.name for manager in row.by],
    }


def _stories(case):
    return case.stories.prefetch_related("competencies", "evidence")


def _story(story, references):
    return {
        "title": story.title,
        "competencies": [_named(competency) for competency in story.competencies.all()],
        **{name: getattr(story, name) for name in story.TEXTS},
        "evidence": sorted(
            (references[piece.pk] for piece in story.evidence.all() if piece.pk in references),
            key=lambda reference: int(reference[1:]),
        ),
    }


def _manager_statement(case, text):
    signed = day_of(case.proposal.at).isoformat() if getattr(case, "proposal", None) else None
    return {"text": text, "by": case.sponsor.name, "on": signed}


def _trajectory(rows):
    """Every revealed review of the candidate, oldest first, and what each said per competency."""
    reviews = {reading.review.pk: reading.review for row in rows for reading in row.readings}
    ordered = sorted(reviews.values(), key=lambda review: review.cycle.opening.at)
    return {
        "cycles": [
            {
                "name": review.cycle.name,
                "closed_on": day_of(review.reveal.at).isoformat(),
                "yardstick": review.level.title,
            }
            for review in ordered
        ],
        "rows": [{**_named(row.competency), "values": _values(row, ordered)} for row in rows],
    }


def _values(row, reviews):
    by_review = {reading.review.pk: reading for reading in row.readings}
    found = [by_review.get(review.pk) for review in reviews]
    return [
        {
            "self": _point(reading and reading.self_rating),
            "manager": _point(reading and reading.manager_rating),
        }
        for reading in found
    ]


def _exhibit(piece, references):
    return {
        "ref": references[piece.pk],
        "on": piece.happened_on.isoformat(),
        "kind": str(piece.get_kind_display()),
        "title": piece.title,
        "text": piece.text,
        "link": piece.link,
        "competencies": [competency.title for competency in piece.competencies.all()],
        "recorded_by": piece.author.name,
    }


def _decision(case, variant):
    decision = getattr(case, "decision", None)
    if decision is None:
        return None
    return {
        "outcome": str(decision.get_outcome_display()),
        "rationale": decision.rationale if variant != "candidate" else "",
        "by": decision.by.name,
        "on": day_of(decision.at).isoformat(),
        "look_again_on": decision.look_again_on.isoformat() if decision.look_again_on else None,
        "feedback": decision.feedback,
    }


def _provenance(case, rows):
    reviews = {reading.review.pk: reading.review for row in rows for reading in row.readings}
    assessments = (
        Assessment.objects.submitted()
        .filter(review__in=reviews)
        .prefetch_related("submissions")
        .order_by("review")
    )
    handed_in = {(row.review_id, row.kind): row.submission for row in assessments}
    return {
        "case": case.pk,
        "edition_digest": case.to_level.edition.digest,
        "reviews": [
            {
                "cycle": review.cycle.name,
                **_side("self", handed_in.get((review.pk, "self"))),
                **_side("manager", handed_in.get((review.pk, "manager"))),
            }
            for review in reviews.values()
        ],
    }


def _side(kind, submission):
    return {
        f"submitted_{kind}": submission and _instant(submission.at),
        f"digest_{kind}": submission.digest if submission else "",
    }


def _reviewed_cycles(case):
    reviews = case.subject.reviews.revealed().select_related("cycle__opening").order_by("-cycle__opening__at")
    return [review.cycle for review in reviews]


def _named(row):
    return {"key": row.key, "title": row.title}


def _level(level):
    return {**_named(level), "rung": level.rung, "scope": level.scope}


def _point(rating):
    point = rating and rating.point
    return {"label": point.label, "value": point.value, "bar": point.bar} if point else None


def _months(start, end):
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _instant(at):
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
