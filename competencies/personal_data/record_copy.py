"""A person's whole record as plain JSON values: all they may read about themselves, and what they wrote.

It is gathered by the rules that their own pages ask: what a manager has not handed in, or a committee
said among itself, is never in it. Of what somebody else orders for them it holds what both may read, so
that HR learns of no draft by it, nor of the other side of a review in which they are one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, OuterRef, Prefetch, Q, QuerySet, Subquery

from competencies.core.clock import today
from competencies.core.permissions import rule_of
from competencies.evidence.models import Evidence
from competencies.jobs.models import Job
from competencies.jobs.subjects import subjects_of
from competencies.notices.models import Letter
from competencies.packets.models import Packet
from competencies.promotions.models import (
    Ballot,
    Decision,
    DecisionDraft,
    Endorsement,
    EndorsementRequest,
    PromotionCase,
    Proposal,
    Sharing,
    Statement,
    Story,
)
from competencies.reviews.models import Assessment, Rating, Reveal, Review, Submission
from competencies.trail.models import Entry

if TYPE_CHECKING:
    from competencies.people.models import Person, Placement, ReportingLine, RoleGrant, Token
    from competencies.promotions.models import Appeal, Hearing
    from competencies.promotions.models.case import Cases


FORMAT = 1

Gathering = Callable[["Person"], object]
Row = TypeVar("Row", bound=Model)

_others: dict[str, Gathering] = {}


def gathered(name: str) -> Callable[[Gathering], Gathering]:
    """Register the decorated `function(person)`, which returns what the product keeps besides, as `name`."""

    def register(function: Gathering) -> Gathering:
        _others[name] = function
        return function

    return register


def gather(person: Person, *, by: Person, at: datetime) -> dict[str, Any]:
    """Return the record of `person` as `by` ordered it, as of the instant `at`, as plain JSON values.

    Of somebody who has left it is what they could read if they were still here; a move that is planned for
    a day to come is told to nobody ahead of it. The number of queries does not depend on how much there is.
    """
    both = _readers(person, by)
    return {
        "format": FORMAT,
        "gathered_at": _instant(at),
        "profile": _profile(person),
        "roles": [_role(row) for row in person.grants.select_related("by").order_by("at", "pk")],
        "placements": [_placement(row) for row in _placements(person)],
        "reporting_lines": [_line(row) for row in _begun(person.lines.all()).select_related("manager")],
        "evidence": [_piece(row) for row in _evidence(both).filter(person=person)],
        "reviews": _reviews(person, both),
        "promotion_cases": [_case(row) for row in _cases(person, both)],
        "packets": [_packet(row) for row in packets_of(person, by=by)],
        "written_about_others": {
            "evidence": [_piece(row) for row in _evidence(both).filter(author=person).exclude(person=person)],
            "assessments": _written(person, both),
            "drafts_of_ballots": [_ballot(row) for row in _uncast_ballots(person, both)],
            "drafts_of_decisions": [_draft(row) for row in _drafts(person, both)],
        },
        "letters": [_letter(row) for row in _letters(person, both)],
        "background_work": _jobs(both),
        "tokens": [_token(row) for row in person.tokens.order_by("created_at", "pk")],
        **{name: function(person) for name, function in sorted(_others.items())},
        "trail": [_entry(row) for row in _entries(person, both)],
    }


def packets_of(person: Person, *, by: Person) -> QuerySet[Packet]:
    """Return the frozen copies of packets about `person` that they and `by` may read."""
    packets = _open(Packet, "packets.read_packet", _readers(person, by)).filter(case__subject=person)
    return packets.select_related("document", "by").order_by("at", "pk")


def _readers(person: Person, by: Person) -> list[Person]:
    """Return the person as if they were here, and who ordered the copy for them."""
    here = copy(person)
    here.leaves_on = None
    return [here] if by.pk == person.pk else [here, by]


def _open(model: type[Row], action: str, readers: Sequence[Person]) -> QuerySet[Row]:
    """Return the rows on which each of `readers` may take `action`."""
    rows = model._base_manager.all()
    for reader in readers:
        rows = rows.filter(rule_of(action).narrows(reader))
    return rows


def _profile(person: Person) -> dict[str, str | None]:
    return {
        "name": person.name,
        "email": person.email,
        "pronouns": person.pronouns,
        "job_title": person.title,
        "team": person.team,
        "staff_number": person.number,
        "time_zone": person.time_zone,
        "time_zone_of_browser": person.browser_time_zone,
        "joined_on": _day(person.joined_on),
        "gone_from": _begun_day(person.leaves_on),
    }


def _role(grant: RoleGrant) -> dict[str, Any]:
    return {
        "role": str(grant.get_role_display()),
        "given_at": _instant(grant.at),
        "given_by": _name(grant.by),
        "taken_back_at": _instant(grant.revoked_at),
    }


def _begun(spans: QuerySet[Row]) -> QuerySet[Row]:
    return spans.filter(starts_on__lte=today()).order_by("starts_on", "pk")


def _placements(person: Person) -> QuerySet[Placement]:
    return _begun(person.placements.all()).select_related("level__edition__framework", "track", "by")


def _placement(row: Placement) -> dict[str, str | None]:
    return {
        "from": _day(row.starts_on),
        "until": _begun_day(row.ends_on),
        "framework": str(row.level.edition.framework),
        "level": row.level.title,
        "track": row.track.title,
        "reason": row.reason,
        "by": _name(row.by),
    }


def _line(row: ReportingLine) -> dict[str, str | None]:
    return {
        "from": _day(row.starts_on),
        "until": _begun_day(row.ends_on),
        "manager": row.manager.name,
    }


def _evidence(readers: Sequence[Person]) -> QuerySet[Evidence]:
    rows = _open(Evidence, "evidence.read_evidence", readers).select_related("person", "author")
    return rows.prefetch_related("competencies").order_by("happened_on", "pk")


def _piece(row: Evidence) -> dict[str, Any]:
    return {
        "id": row.pk,
        "of": row.person.name,
        "on": _day(row.happened_on),
        "kind": str(row.get_kind_display()),
        "title": row.title,
        "text": row.text,
        "link": row.link,
        "competencies": [competency.title for competency in row.competencies.all()],
        "recorded_by": row.author.name,
        "recorded_at": _instant(row.recorded_at),
    }


def _reviews(person: Person, readers: Sequence[Person]) -> list[dict[str, Any]]:
    own = _assessments(readers).filter(review__subject=person)
    by_review: dict[int, list[dict[str, Any]]] = {}
    for assessment in own:
        by_review.setdefault(assessment.review_id, []).append(_assessment(assessment, person))
    rows = _open(Review, "reviews.read_review", readers).filter(subject=person)
    rows = rows.select_related("cycle", "level", "held_level", "track", "manager", "reveal", "discussion")
    rows = rows.prefetch_related("signoffs__by").order_by("cycle__created_at", "pk")
    return [_review(row) | {"assessments": by_review.get(row.pk, [])} for row in rows]


def _review(row: Review) -> dict[str, Any]:
    return {
        "cycle": row.cycle.name,
        "level_held": row.held_level.title,
        "read_against": row.level.title,
        "track": row.track.title,
        "manager": row.manager.name,
        "revealed_at": _at(getattr(row, "reveal", None)),
        "discussed_at": _at(getattr(row, "discussion", None)),
        "signed": [{"by": sign.by.name, "at": _instant(sign.at)} for sign in row.signoffs.all()],
    }


def _assessments(readers: Sequence[Person]) -> QuerySet[Assessment]:
    rows = _open(Assessment, "reviews.read_assessment", readers)
    ratings = Rating.objects.select_related("competency", "point").prefetch_related("evidence")
    submissions = Submission.objects.select_related("reopening").order_by("round")
    return (
        rows.select_related("author", "review__subject", "review__cycle")
        .prefetch_related(Prefetch("ratings", ratings.order_by("competency__position")))
        .prefetch_related(Prefetch("submissions", submissions))
        .order_by("review", "kind", "pk")
    )


def _assessment(row: Assessment, person: Person) -> dict[str, Any]:
    return {
        "kind": str(row.get_kind_display()),
        "by": row.author.name,
        "handed_in": [_submission(each, own=row.author_id == person.pk) for each in row.submissions.all()],
        "ratings": [_rating(rating) for rating in row.ratings.all()],
    }


def _submission(row: Submission, *, own: bool) -> dict[str, Any]:
    """Return a round as it was handed in. Why it was given back is told to its author alone."""
    reopening = getattr(row, "reopening", None) if own else None
    because = {"given_back_at": _instant(reopening.at), "because": reopening.reason} if reopening else {}
    return {"at": _instant(row.at), **because}


def _rating(row: Rating) -> dict[str, Any]:
    return {
        "competency": row.competency.title,
        "rating": row.point.label if row.point else None,
        "comment": row.comment,
        "evidence": [piece.pk for piece in row.evidence.all()],
    }


def _written(person: Person, readers: Sequence[Person]) -> list[dict[str, Any]]:
    about_others = _assessments(readers).filter(author=person).filter(~Q(review__subject=person))
    return [
        {"about": row.review.subject.name, "cycle": row.review.cycle.name, **_assessment(row, person)}
        for row in about_others
    ]


def _uncast_ballots(person: Person, readers: Sequence[Person]) -> QuerySet[Ballot]:
    """Return the ballots that the person has not cast: those that are cast belong to the hearing."""
    rows = _open(Ballot, "promotions.read_ballot", readers).filter(person=person, casting=None)
    return rows.select_related(*_step("hearing")).order_by("hearing", "round")


def _ballot(row: Ballot) -> dict[str, Any]:
    """Return a ballot as its writer has it: of whom is not said, who may not know it."""
    return {
        "about": _step_of(row.hearing),
        "round": row.round,
        "vote": str(row.get_vote_display()),
        "reason": row.reason,
        "per_competency": row.notes,
    }


def _drafts(person: Person, readers: Sequence[Person]) -> QuerySet[DecisionDraft]:
    rows = _open(DecisionDraft, "promotions.read_decision_draft", readers).filter(person=person)
    return rows.select_related(*_step("hearing")).order_by("pk")


def _draft(row: DecisionDraft) -> dict[str, Any]:
    return {
        "about": _step_of(row.hearing),
        "outcome": str(row.get_outcome_display()),
        "reasons": row.rationale,
        "per_competency": row.notes,
        "missing": row.conditions,
        "feedback": row.feedback,
        "look_again_on": _day(row.look_again_on),
        "holds_from": _day(row.effective_on),
    }


def _step(path: str) -> tuple[str, str]:
    return f"{path}__case__from_level", f"{path}__case__to_level"


def _step_of(hearing: Hearing) -> str:
    return f"{hearing.case.from_level.title} → {hearing.case.to_level.title}"


def _cases(person: Person, readers: Sequence[Person]) -> Cases:
    rows = _open(PromotionCase, "promotions.read_case", readers).filter(subject=person)
    statements = _open(Statement, "promotions.read_statement", readers).order_by("pk")
    requests = _open(EndorsementRequest, "promotions.read_request", readers)
    requests = requests.select_related("endorsement", "refusal", "recall", "by").order_by("at", "pk")
    return (
        PromotionCase.objects.with_state()
        .filter(pk__in=rows.values("pk"))
        .prefetch_related("claims__competency", "stories__competencies", "stories__evidence", "exhibits")
        .prefetch_related(Prefetch("statements", statements))
        .prefetch_related(Prefetch("endorsement_requests", requests.annotate(words=_words(readers))))
        .order_by("opened_at", "pk")
    )


def _words(readers: Sequence[Person]) -> Subquery:
    """Return what endorsers wrote, as far as each of `readers` may read it, as a subquery."""
    endorsements = _open(Endorsement, "promotions.read_endorsement", readers)
    return Subquery(endorsements.filter(request=OuterRef("pk")).values("text"))


def _case(row: PromotionCase) -> dict[str, Any]:
    """Return a case as its candidate reads it: without the reasons of the committee."""
    decision, withdrawal = row.decision, getattr(row, "withdrawal", None)
    return {
        "from": row.from_level.title,
        "to": row.to_level.title,
        "track": row.track.title,
        "sponsor": row.sponsor.name,
        "opened_at": _instant(row.opened_at),
        "proposed_at": _at(getattr(row, "proposal", None)),
        "shared_at": _at(getattr(row, "sharing", None)),
        "wanted_from": _day(row.wanted_from),
        "presenter": row.speaker.name,
        "target_cycle": row.cycle and row.cycle.name,
        "statements": {str(each.get_kind_display()): each.text for each in row.statements.all()},
        "claims": [
            {"competency": each.competency.title, "text": each.text, "result": each.result}
            for each in row.claims.all()
        ],
        "stories": [_story(each) for each in row.stories.all()],
        "evidence": sorted(each.evidence_id for each in row.exhibits.all()),
        "endorsements": [_endorsement(each) for each in row.endorsement_requests.all()],
        "decision": decision and _decision(decision),
        "appeal": _appeal(getattr(row, "appeal", None)),
        "withdrawn": withdrawal and {"at": _instant(withdrawal.at), "reason": withdrawal.reason},
    }


def _story(row: Story) -> dict[str, Any]:
    return {
        "title": row.title,
        **{name: getattr(row, name) for name in row.TEXTS},
        "competencies": [competency.title for competency in row.competencies.all()],
        "evidence": sorted(piece.pk for piece in row.evidence.all()),
    }


def _endorsement(row: EndorsementRequest) -> dict[str, Any]:
    return {
        "by": row.name,
        "relation": str(row.get_relation_display()),
        "outside_the_team": row.outside,
        "asked_by": row.by.name,
        "asked_at": _instant(row.at),
        "state": row.state,
        "text": getattr(row, "words", None),
    }


def _decision(row: Decision) -> dict[str, Any]:
    return {
        "outcome": str(row.get_outcome_display()),
        "feedback": row.feedback,
        "missing": row.conditions,
        "look_again_on": _day(row.look_again_on),
        "released_at": _instant(row.release.at),
        "holds_from": _day(row.effective_on),
        "appeal_until": _instant(row.release.appeal_until),
    }


def _appeal(row: Appeal | None) -> dict[str, Any] | None:
    return {"at": _instant(row.at), "grounds": row.grounds} if row else None


def _packet(row: Packet) -> dict[str, Any]:
    return {
        "number": row.number,
        "copy": str(row.get_variant_display()),
        "frozen_at": _instant(row.at),
        "frozen_by": row.by.name,
        "digest": row.computed_digest(),
        "content": row.content,
    }


def _letters(person: Person, readers: Sequence[Person]) -> QuerySet[Letter]:
    return _open(Letter, "notices.read_letter", readers).filter(receiver=person).order_by("at", "pk")


def _letter(row: Letter) -> dict[str, str | None]:
    return {
        "kind": str(row.get_kind_display()),
        "ordered_at": _instant(row.at),
        "sent_at": _instant(row.sent_at),
        "failure": str(row.get_failure_display()),
    }


def _jobs(readers: Sequence[Person]) -> list[dict[str, str | None]]:
    """Return what the person ordered that is done in the background, where they order the copy themselves."""
    jobs = list(_open(Job, "jobs.read_job", readers).order_by("at", "pk"))
    subjects = subjects_of(jobs, readers[0])
    return [_job(row, subjects.get(row.pk)) for row in jobs]


def _job(row: Job, subject: Model | None) -> dict[str, str | None]:
    return {
        "kind": str(row.get_kind_display()),
        "of": str(subject) if subject else None,
        "ordered_at": _instant(row.at),
        "state": row.state,
        "ended_at": _instant(row.ended_at),
        "failure": row.failure if subject else "",
    }


def _token(row: Token) -> dict[str, str | None]:
    return {
        "label": row.label,
        "scope": str(row.get_scope_display()),
        "begins_with": row.hint,
        "made_at": _instant(row.created_at),
        "expires_at": _instant(row.expires_at),
        "revoked_at": _instant(row.revoked_at),
    }


def _entries(person: Person, readers: Sequence[Person]) -> QuerySet[Entry]:
    rows = _open(Entry, "trail.read_entry", readers).filter(about=person)
    return rows.select_related("actor").order_by("at", "sequence")


def _entry(row: Entry) -> dict[str, Any]:
    return {
        "id": str(row.public_id),
        "at": _instant(row.at),
        "by": _name(row.actor),
        "action": row.action,
        "record": f"{row.row_model} {row.row_pk}",
    }


def _name(person: Person | None) -> str | None:
    return person.name if person else None


def _at(row: Proposal | Reveal | Sharing | None) -> str | None:
    return _instant(row.at) if row else None


def _instant(at: datetime | None) -> str | None:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _begun_day(day: date | None) -> str | None:
    return day.isoformat() if day and day <= today() else None
