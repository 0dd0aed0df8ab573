"""The content of a packet: a promotion case as it stands, as plain JSON values (`format: 4`).

Everything that a reader of the document sees is in the snapshot, so that the document can be made
again, checked and compared without the database. It names the version of the program since 0.2.0.
Format 1, of packets frozen before committees, knew one statement, the manager's, and neither endorsements
nor codes. Format 2 held digests of the assessments and the minutes in which they came in, by which a guess
at one could be confirmed; it is typeset as it was then: without line breaks inside a paragraph, and with
long words past the edge. Format 3 did not know the levels of endorsers, and is laid out as a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from competencies.core.clock import day_of, today
from competencies.framework.models import Behaviour, Competency, Coverage, Edition, Expectation, Level, Track
from competencies.people.models import Organisation, Person, Placement
from competencies.promotions.models import Endorsement, Hearing, PromotionCase, Story
from competencies.promotions.readiness import begun_anew, readiness
from competencies.reviews.comparing import by_month
from competencies.reviews.models import Assessment, Cycle, Rating, Review, Submission

from .codes import written_code
from .masking import Alias, masked, without_instants

if TYPE_CHECKING:
    from competencies.core.querysets import Guarded
    from competencies.evidence.models import Evidence
    from competencies.promotions.readiness import Readiness


FORMAT = 4


def snapshot_of(
    case: PromotionCase, *, number: str, variant: str, at: datetime, by: Person, code: str = ""
) -> dict[str, Any]:
    """Return the snapshot of `case` for packet `number` of a `variant`, frozen `at` an instant `by` somebody.

    Dates are ISO texts, instants end in Z, ratings carry their label beside their value, texts are
    Markdown. The candidate's copy leaves out what the committee said to itself, and the masked one by
    what anybody could be known. `code`: the one under which the packet can be verified, once it is frozen.
    """
    hidden = str(variant) == "masked"
    read = "committee" if hidden else str(variant)  # a masked copy is the committee's, without its people
    content = _whole(case, number=number, variant=read, at=at, by=by, code=code)
    return masked(content, known=_known(case)) if hidden else content


def anew(content: dict[str, Any], *, number: str, at: datetime, code: str) -> dict[str, Any]:
    """Return the content of a masked copy as today's format has it, for packet `number` frozen `at`."""
    packet = content["packet"] | {
        "number": number,
        "code": written_code(code),
        "verify": address_of(code),
        "frozen_at": _instant(at),
        "program": settings.VERSION,
    }
    return without_instants(content | {"format": FORMAT, "packet": packet})


def _whole(
    case: PromotionCase, *, number: str, variant: str, at: datetime, by: Person, code: str
) -> dict[str, Any]:
    rows = readiness(case)
    exhibits = list(
        case.exhibits.select_related("evidence__author").prefetch_related("evidence__competencies")
    )
    references = {exhibit.evidence_id: f"E{place}" for place, exhibit in enumerate(exhibits, start=1)}
    texts = {row.kind: row.text for row in case.statements.all()}
    return {
        "format": FORMAT,
        "packet": {
            "number": number,
            "variant": variant,
            "code": written_code(code),
            "verify": address_of(code),
            "frozen_at": _instant(at),
            "frozen_by": by.name,
            "program": settings.VERSION,
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
        "statements": _statements(case, texts, variant),
        "endorsements": _endorsements(case, variant),
        "trajectory": _trajectory(rows) | _anew(case),
        "evidence": [_exhibit(exhibit.evidence, references) for exhibit in exhibits],
        "months": [
            {"month": f"{month:%Y-%m}", "count": count}
            for month, count in by_month([exhibit.evidence for exhibit in exhibits])
        ],
        "decision": _decision(case, variant),
        "appeal": _appeal(case, variant),
        "provenance": _provenance(case, rows),
    }


def _candidate(case: PromotionCase) -> dict[str, Any]:
    person = case.subject
    placement = next(
        (
            row
            for row in person.placements.select_related("level__edition")
            if row.level.lineage == case.from_level.lineage
        ),
        None,
    )
    manager = person.manager_on()
    since = placement.starts_on if placement else None
    return {
        "name": person.name,
        "pronouns": person.pronouns,
        "team": person.team,
        "track": _named(case.track),
        "level": {**_named(case.from_level), "rung": case.from_level.rung},
        "level_since": since and since.isoformat(),
        "months_in_level": placement and _months(placement.starts_on, placement.ends_on or today()),
        "manager": manager.name if manager else "",
    }


def _case(case: PromotionCase) -> dict[str, Any]:
    cycle = next((row.name for row in _reviewed_cycles(case)), None)
    return {
        "id": case.pk,
        "from": _level(case.from_level),
        "to": _level(case.to_level),
        "sponsor": case.sponsor.name,
        "presenter": case.presenter.name if case.presenter else "",
        "state": case.state,
        "opened_on": day_of(case.opened_at).isoformat(),
        "proposed_on": day_of(case.proposal.at).isoformat() if getattr(case, "proposal", None) else None,
        "wanted_from": case.wanted_from.isoformat() if case.wanted_from else None,
        "cycle": cycle,
    }


def _edition(edition: Edition) -> dict[str, Any]:
    publication = getattr(edition, "publication", None)
    return {
        "framework": str(edition.framework),
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


def _claims(case: PromotionCase) -> list[dict[str, Any]]:
    return [
        {"text": claim.text, "competency": _named(claim.competency), "result": claim.result}
        for claim in case.claims.select_related("competency")
    ]


def _bar(case: PromotionCase) -> list[dict[str, Any]]:
    """Return what the target level asks for in each competency, with the sentences it was taken from."""
    stated_by = set(
        Coverage.objects.filter(track=case.track, level=case.to_level).values_list("source", flat=True)
    )
    held = dict(Expectation.objects.filter(level=case.from_level).values_list("competency", "summary"))
    expectations = (
        Expectation.objects.filter(level=case.to_level)
        .select_related("competency__area")
        .prefetch_related(Prefetch("behaviours", queryset=Behaviour.objects.with_citations()))
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


def _behaviour(behaviour: Behaviour, track: Track, stated_by: AbstractSet[int]) -> dict[str, Any]:
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


def _matrix_row(row: Readiness, case: PromotionCase) -> dict[str, Any]:
    latest, spread = row.latest, row.spread
    mine, theirs = (_point(latest.self_rating), _point(latest.manager_rating)) if latest else (None, None)
    own, given = (rating["value"] if rating else None for rating in (mine, theirs))
    return {
        "area": row.competency.area.title,
        **_named(row.competency),
        "self": mine,
        "manager": theirs,
        "gap": None if own is None or given is None else given - own,
        "evidence": spread.count,
        "months": spread.months,
        "sustained": row.sustained,
        "readiness": row.status,
        "yardstick": latest.review.level.title if latest else "",
        "by": [manager.name for manager in row.by],
    }


def _stories(case: PromotionCase) -> Guarded[Story]:
    return case.stories.prefetch_related("competencies", "evidence")


def _story(story: Story, references: Mapping[int, str]) -> dict[str, Any]:
    return {
        "title": story.title,
        "competencies": [_named(competency) for competency in story.competencies.all()],
        **{name: getattr(story, name) for name in story.TEXTS},
        "evidence": sorted(
            (references[piece.pk] for piece in story.evidence.all() if piece.pk in references),
            key=lambda reference: int(reference[1:]),
        ),
    }


def _statements(case: PromotionCase, texts: Mapping[str, str], variant: str) -> list[dict[str, str | None]]:
    """Return the statements that people sign: of sponsor, manager and presenter, where there is one.

    The manager's is their own until the case is proposed: the candidate's copy of a draft is without it.
    """
    proposal = getattr(case, "proposal", None)
    if not texts["manager"] or (proposal is None and variant == "candidate"):
        return []
    signed = day_of(proposal.at) if proposal else None
    return [statement("manager", texts["manager"], case.sponsor.name, signed)]


def _endorsements(case: PromotionCase, variant: str) -> list[dict[str, Any]]:
    """Return what endorsers wrote; the candidate reads it once the case is answered, without their levels."""
    if variant == "candidate" and case.decision is None:
        return []
    given = Endorsement.objects.filter(request__case=case).select_related("request").order_by("at", "pk")
    levels = {} if variant == "candidate" else _levels_held(given)
    return [
        endorsement(
            row.request.name,
            row.request.get_relation_display(),
            level=levels.get(row.pk, ""),
            outside=row.request.outside,
            text=row.text,
            on=day_of(row.at),
        )
        for row in given
    ]


def _levels_held(given: Iterable[Endorsement]) -> dict[int, str]:
    """Return the title of the level that each endorser held on the day they wrote, by their endorsement."""
    people = [row.request.person_id for row in given]
    placements = Placement.objects.filter(person__in=people).select_related("level")
    return {
        row.pk: placement.level.title
        for row in given
        for placement in placements
        if placement.person_id == row.request.person_id and placement.holds_on(day_of(row.at))
    }


def statement(kind: str, text: str, by: str, on: date | None) -> dict[str, str | None]:
    """Return what somebody signs for the case: `kind` is `sponsor`, `manager` or `presenter`."""
    return {"kind": kind, "text": text, "by": by, "on": _day(on)}


def endorsement(
    by: str, relation: str, *, outside: bool, text: str, on: date, level: str = ""
) -> dict[str, Any]:
    """Return what somebody wrote for the candidate.

    `relation`: how they work together, in words. `level`: the title of their own, where it is known.
    """
    return {
        "by": by,
        "level": level,
        "relation": str(relation),
        "outside": outside,
        "text": text,
        "on": _day(on),
    }


def _trajectory(rows: Sequence[Readiness]) -> dict[str, list[dict[str, Any]]]:
    """Return every revealed review of the candidate, oldest first, and what each said per competency."""
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


def _anew(case: PromotionCase) -> dict[str, Any]:
    """Return True if reviews on another framework came before: which one could tell whose case it is."""
    return {"anew": True} if begun_anew(case) else {}


def _values(row: Readiness, reviews: Sequence[Review]) -> list[dict[str, Any]]:
    by_review = {reading.review.pk: reading for reading in row.readings}
    found = [by_review.get(review.pk) for review in reviews]
    return [
        {
            "self": _point(reading.self_rating if reading else None),
            "manager": _point(reading.manager_rating if reading else None),
        }
        for reading in found
    ]


def _exhibit(piece: Evidence, references: Mapping[int, str]) -> dict[str, Any]:
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


def _decision(case: PromotionCase, variant: str) -> dict[str, Any] | None:
    """Return the sheet of the first hearing, once its decision is released."""
    return _sheet_of(case, Hearing.Stage.FIRST, variant)


def _appeal(case: PromotionCase, variant: str) -> dict[str, str | None] | None:
    appealed = getattr(case, "appeal", None)
    if appealed is None:
        return None
    again = _sheet_of(case, Hearing.Stage.APPEAL, variant)
    return appeal(grounds=appealed.grounds, on=day_of(appealed.at), decision=again)


def _sheet_of(case: PromotionCase, stage: str, variant: str) -> dict[str, Any] | None:
    hearings = Hearing.objects.filter(stage=stage, decision__release__isnull=False)
    hearing = hearings.select_related("decision__by", "decision__release").filter(case=case).first()
    if hearing is None:
        return None
    decision, until = hearing.decision, hearing.decision.release.appeal_until
    titles = {row.key: row for row in Competency.objects.filter(edition=case.to_level.edition_id)}
    return decision_sheet(
        variant,
        outcome=decision.get_outcome_display(),
        rationale=decision.rationale,
        per_competency=_reasons(decision.notes, titles),
        conditions=decision.conditions,
        feedback=decision.feedback,
        look_again_on=decision.look_again_on,
        effective_on=decision.effective_on,
        appeal_until=until and day_of(until),
        by=decision.by.name,
        on=day_of(decision.at),
        quorum=hearing.quorum,
        members=[member.person.name for member in hearing.members.sitting()],
        recusals=[
            recusal(row.person.name, row.get_ground_display(), row.reason)
            for row in hearing.recusals.select_related("person")
        ],
        rounds=[_ballots(hearing, count.round, titles) for count in hearing.counts.all()],
    )


def _ballots(hearing: Hearing, round: int, titles: Mapping[str, Competency]) -> list[dict[str, Any]]:
    return [
        ballot(row.person.name, row.get_vote_display(), row.reason, _reasons(row.notes, titles))
        for row in hearing.votes_in(round)
    ]


def _reasons(notes: Mapping[str, str], titles: Mapping[str, Competency]) -> list[tuple[Competency, str]]:
    """Reasons per competency as pairs, in the order of the ladder."""
    return [(row, notes[key]) for key, row in titles.items() if key in notes]


def decision_sheet(
    variant: str,
    *,
    outcome: str,
    by: str,
    on: date,
    rationale: str = "",
    per_competency: Sequence[tuple[Competency, str]] = (),
    conditions: str = "",
    feedback: str = "",
    look_again_on: date | None = None,
    effective_on: date | None = None,
    appeal_until: date | None = None,
    quorum: int | None = None,
    members: Sequence[str] = (),
    recusals: Sequence[Mapping[str, str]] = (),
    rounds: Sequence[Sequence[Mapping[str, Any]]] = (),
) -> dict[str, Any]:
    """Return the answer to a case as a copy of that `variant` shows it.

    `per_competency`: pairs of a competency and the reason that concerns it. `members`: names.
    `recusals`: from `recusal`. `rounds`: for each round of voting a list of ballots, from `ballot`.
    The candidate reads neither the reasons the committee put for itself nor who sat on it; who voted
    how is in the archive alone.
    """
    with_reasons, kept = variant != "candidate", variant == "archive"
    return {
        "outcome": str(outcome),
        "rationale": rationale if with_reasons else "",
        "per_competency": [_reason(*pair) for pair in per_competency] if with_reasons else [],
        "conditions": conditions,
        "feedback": feedback,
        "look_again_on": _day(look_again_on),
        "effective_on": _day(effective_on),
        "appeal_until": _day(appeal_until),
        "by": by if with_reasons else "",
        "on": _day(on),
        "quorum": quorum if kept else None,
        "members": list(members) if kept else [],
        "recusals": list(recusals) if kept else [],
        "rounds": [list(ballots) for ballots in rounds] if kept else [],
    }


def recusal(member: str, ground: str, reason: str = "") -> dict[str, str]:
    """Return that a member stood back. `ground`: why, in words."""
    return {"member": member, "ground": str(ground), "reason": reason}


def ballot(
    member: str, vote: str, reason: str = "", per_competency: Sequence[tuple[Competency, str]] = ()
) -> dict[str, Any]:
    """Return one vote of one round. `per_competency` as in `decision_sheet`."""
    return {
        "member": member,
        "vote": str(vote),
        "reason": reason,
        "per_competency": [_reason(*pair) for pair in per_competency],
    }


def appeal(*, grounds: str, on: date, decision: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the appeal against an answer: its grounds, and the sheet of the second answer, if any."""
    return {"grounds": grounds, "on": _day(on), "decision": decision}


def _reason(competency: Competency, text: str) -> dict[str, str]:
    return {**_named(competency), "text": text}


def _provenance(case: PromotionCase, rows: Sequence[Readiness]) -> dict[str, Any]:
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


def _side(kind: str, submission: Submission | None) -> dict[str, str | None]:
    return {f"submitted_{kind}": _day(day_of(submission.at) if submission else None)}


def _reviewed_cycles(case: PromotionCase) -> list[Cycle]:
    reviews = case.subject.reviews.revealed().select_related("cycle__opening").order_by("-cycle__opening__at")
    return [review.cycle for review in reviews]


def _known(case: PromotionCase) -> list[Alias]:
    """By what the people of a case are known beside their names."""
    manager = case.subject.manager_on()
    people = [("candidate", case.subject), ("sponsor", case.sponsor), ("manager", manager)]
    people.append(("presenter", case.presenter))
    return [
        Alias(role, names=(person.name,), emails=(person.email,), numbers=(person.number or "",))
        for role, person in people
        if person
    ]


def address_of(code: str) -> str:
    """Return the address at which anybody can verify the packet of that code; empty without a code."""
    return settings.ADDRESS + reverse("verify_code", args=[written_code(code)]) if code else ""


def _named(row: Competency | Level | Track) -> dict[str, str]:
    return {"key": row.key, "title": row.title}


def _level(level: Level) -> dict[str, int | str]:
    return {**_named(level), "rung": level.rung, "scope": level.scope}


def _point(rating: Rating | None) -> dict[str, Any] | None:
    point = rating.point if rating else None
    return {"label": point.label, "value": point.value, "bar": point.bar} if point else None


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
