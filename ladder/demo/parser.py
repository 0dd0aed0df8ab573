"""Reading a company file: who works there and what happened, each day counted from today.

Days are numbers, -30 for thirty days ago, so that the company is never out of date. A text may
hold `{month:-30}` or `{period:-30}`, which read as that day's month, without and with its year.
"""

import re
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from competencies.evidence.models import Evidence
from competencies.framework.parser import Key, Line, Node, Text, read_as
from competencies.people.models import RoleGrant
from competencies.promotions.models import EndorsementRequest, Outcome, Statement

Past = Annotated[int, Field(ge=-20_000, le=-1)]
Ahead = Annotated[int, Field(ge=-20_000, le=2_000)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Marks = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
StoryPart = Literal["context", "problem", "scope", "own_role", "decisions", "result"]
UNANSWERED = "."


class PlaceSpec(Node):
    track: Key
    level: Key
    since: Past


class MoveSpec(Node):
    manager: Key
    on: Past


class PersonSpec(Node):
    name: Line
    email: Line
    title: Line
    team: str = ""
    pronouns: str = ""
    joined: Past
    roles: list[RoleGrant.Role] = []
    manager: Key | None = None
    place: PlaceSpec | None = None
    moves: list[MoveSpec] = []


class PersonaSpec(Node):
    person: Key
    what: Line


class EvidenceSpec(Node):
    on: Past
    kind: Evidence.Kind = Evidence.Kind.DELIVERY
    title: Line
    tags: list[Key] = Field(min_length=1)
    text: str = Field("", max_length=20_000)
    link: str = Field("", max_length=500)
    by: Key | None = None
    key: Key | None = None


class AssessmentSpec(Node):
    on: Past
    handed_in: Past | None = None
    marks: Marks
    says: dict[Key, Text] = {}


class ReopeningSpec(Node):
    side: Literal["self", "manager"]
    on: Past
    by: Key
    reason: Line


class ReviewSpec(Node):
    aim: Key | None = None
    self: AssessmentSpec | None = None
    manager: AssessmentSpec | None = None
    discussed: Past | None = None
    signed_by_subject: Past | None = None
    signed_by_manager: Past | None = None
    reopened: ReopeningSpec | None = None


class CycleSpec(Node):
    name: Line
    by: Key
    prepared: Past
    opened: Past
    self_due: Ahead
    manager_due: Ahead
    closed: Past | None = None
    reviews: dict[Key, ReviewSpec] = {}


class ClaimSpec(Node):
    competency: Key
    text: Line
    result: Text


class StorySpec(Node):
    title: Line
    by: Key | None = None
    competencies: list[Key] = []
    evidence: list[Key] = []
    texts: dict[StoryPart, Long]


class EndorsementSpec(Node):
    """Somebody who was asked: a person of the company, or `name` and `email` from elsewhere.

    An answer with a `text` endorses, one without declines.
    """

    person: Key | None = None
    name: str = Field("", max_length=200)
    email: str = Field("", max_length=254)
    relation: EndorsementRequest.Relation
    outside: bool
    note: str = Field("", max_length=1_000)
    by: Key | None = None
    asked: Past
    answered: Past | None = None
    text: str = Field("", max_length=8_000)
    reason: str = Field("", max_length=1_000)


class CommitteeSpec(Node):
    """A committee; `chair` is one of its `seats`."""

    name: Line
    by: Key
    founded: Past
    seats: list[Key] = Field(min_length=1)
    chair: Key


class WordSpec(Node):
    """What somebody said on a day: a note, or why they step aside, or unmask."""

    person: Key
    on: Past
    text: Text


class BallotSpec(Node):
    """A ballot; `notes` are the reasons per competency, by its short name."""

    person: Key
    on: Past
    vote: Outcome
    reason: str = Field("", max_length=20_000)
    notes: dict[Key, Text] = {}
    cast: bool = True


class DecisionSpec(Node):
    on: Past
    by: Key
    outcome: Outcome
    rationale: Long
    feedback: Long
    conditions: str = Field("", max_length=20_000)
    look_again: Ahead | None = None
    effective: Ahead | None = None
    released: Past | None = None


class HearingSpec(Node):
    """A case before a committee, convened `by` somebody of HR, who releases the decision as well.

    A second ballot of somebody stands after their first.
    """

    committee: Key
    by: Key
    on: Past
    masked: bool = False
    aside: list[WordSpec] = []
    unmasked: list[WordSpec] = []
    ballots: list[BallotSpec] = []
    remarks: list[WordSpec] = []
    decision: DecisionSpec | None = None


class CaseSpec(Node):
    subject: Key
    sponsor: Key
    to: Key
    opened: Past
    written: Past
    wanted_from: Ahead | None = None
    presenter: Key | None = None
    cycle: Line | None = None
    shared: Past | None = None
    written_along: list[Statement.Kind] = []
    endorsements: list[EndorsementSpec] = []
    statements: dict[Statement.Kind, Long]
    claims: list[ClaimSpec] = Field([], max_length=3)
    stories: list[StorySpec] = []
    leave_out: list[Key] = []
    proposed: Past | None = None
    hearing: HearingSpec | None = None


class CopySpec(Node):
    """A copy of somebody's record that was ordered `by` somebody, and why it could not be made."""

    person: Key
    by: Key
    on: Past
    failure: Line


class CompanySpec(Node):
    """A company. `competencies` gives each a short name, in the order of the marks of an assessment."""

    format: Literal[1]
    name: Line
    introduced: Past
    competencies: dict[Key, Key]
    marks: dict[Annotated[str, StringConstraints(min_length=1, max_length=1)], Key]
    people: dict[Key, PersonSpec]
    personas: list[PersonaSpec]
    evidence: dict[Key, list[EvidenceSpec]]
    cycles: list[CycleSpec]
    committees: dict[Key, CommitteeSpec] = {}
    cases: list[CaseSpec] = []
    copies: list[CopySpec] = []


def read_company(content, *, file, ladder):
    """Take the bytes of a company file and the `LadderSpec` it stands on; return a `CompanySpec`.

    Refuses with `BadFile`, naming file, line and field of every fault: as a framework file, and
    names of people, competencies, levels, tracks, marks or evidence that nothing stands behind.
    """
    return read_as(CompanySpec, content, file=file, loose_ends=lambda spec: _loose_ends(spec, ladder))


def _loose_ends(spec, ladder):
    known = {
        "person": set(spec.people),
        "competency": set(spec.competencies),
        "competency of the framework": {competency.key for competency in ladder.competencies},
        "committee": set(spec.committees),
        "level": {level.key for level in ladder.levels},
        "track": {track.key for track in ladder.tracks},
        "point of the scale": {point.key for point in ladder.scale},
        "piece of evidence": {piece.key for pieces in spec.evidence.values() for piece in pieces},
    }
    for path, kind, value in _references(spec):
        if value is not None and value not in known[kind]:
            yield path, _("%(value)s is not a known %(kind)s") % {"value": value, "kind": kind}
    for path, marks in _marks(spec):
        if wrong := set(marks) - set(spec.marks) - {UNANSWERED}:
            yield (
                path,
                _("has unknown marks: %(marks)s") % {"marks": " ".join(sorted(wrong))},
            )
        if len(marks) != len(spec.competencies):
            yield (
                path,
                _("has %(count)d marks for %(all)d competencies")
                % {
                    "count": len(marks),
                    "all": len(spec.competencies),
                },
            )


def _references(spec):
    for short, key in spec.competencies.items():
        yield ("competencies", short), "competency of the framework", key
    for mark, key in spec.marks.items():
        yield ("marks", mark), "point of the scale", key
    for key, person in spec.people.items():
        yield from _of_person(("people", key), person)
    for key, committee in spec.committees.items():
        here = ("committees", key)
        yield (*here, "by"), "person", committee.by
        for number, seat in enumerate(committee.seats):
            yield (*here, "seats", number), "person", seat
    for number, persona in enumerate(spec.personas):
        yield ("personas", number, "person"), "person", persona.person
    for key, pieces in spec.evidence.items():
        yield ("evidence", key), "person", key
        for number, piece in enumerate(pieces):
            there = ("evidence", key, number)
            yield (*there, "by"), "person", piece.by
            for tag in piece.tags:
                yield (*there, "tags"), "competency", tag
    for number, cycle in enumerate(spec.cycles):
        yield from _of_cycle(("cycles", number), cycle)
    for number, case in enumerate(spec.cases):
        yield from _of_case(("cases", number), case)
    for number, copy in enumerate(spec.copies):
        yield ("copies", number, "person"), "person", copy.person
        yield ("copies", number, "by"), "person", copy.by


def _of_person(path, person):
    yield (*path, "manager"), "person", person.manager
    for number, move in enumerate(person.moves):
        yield (*path, "moves", number, "manager"), "person", move.manager
    if person.place:
        yield (*path, "place", "track"), "track", person.place.track
        yield (*path, "place", "level"), "level", person.place.level


def _of_cycle(path, cycle):
    yield (*path, "by"), "person", cycle.by
    for key, review in cycle.reviews.items():
        here = (*path, "reviews", key)
        yield here, "person", key
        yield (*here, "aim"), "level", review.aim
        if review.reopened:
            yield (*here, "reopened", "by"), "person", review.reopened.by
        for side in ("self", "manager"):
            assessment = getattr(review, side)
            for short in assessment.says if assessment else ():
                yield (*here, side, "says", short), "competency", short


def _of_case(path, case):
    yield (*path, "subject"), "person", case.subject
    yield (*path, "sponsor"), "person", case.sponsor
    yield (*path, "to"), "level", case.to
    yield (*path, "presenter"), "person", case.presenter
    for number, asked in enumerate(case.endorsements):
        yield (*path, "endorsements", number, "person"), "person", asked.person
        yield (*path, "endorsements", number, "by"), "person", asked.by
    for key in case.leave_out:
        yield (*path, "leave_out"), "piece of evidence", key
    for number, claim in enumerate(case.claims):
        yield (*path, "claims", number, "competency"), "competency", claim.competency
    for number, story in enumerate(case.stories):
        here = (*path, "stories", number)
        yield (*here, "by"), "person", story.by
        for key in story.competencies:
            yield (*here, "competencies"), "competency", key
        for key in story.evidence:
            yield (*here, "evidence"), "piece of evidence", key
    if case.hearing:
        yield from _of_hearing((*path, "hearing"), case.hearing)


def _of_hearing(path, hearing):
    yield (*path, "committee"), "committee", hearing.committee
    yield (*path, "by"), "person", hearing.by
    for part in ("aside", "unmasked", "ballots", "remarks"):
        for number, statement in enumerate(getattr(hearing, part)):
            yield (*path, part, number, "person"), "person", statement.person
    for number, ballot in enumerate(hearing.ballots):
        for short in ballot.notes:
            yield (*path, "ballots", number, "notes"), "competency", short
    if hearing.decision:
        yield (*path, "decision", "by"), "person", hearing.decision.by


def _marks(spec):
    for number, cycle in enumerate(spec.cycles):
        for key, review in cycle.reviews.items():
            for side in ("self", "manager"):
                if assessment := getattr(review, side):
                    yield ("cycles", number, "reviews", key, side, "marks"), plain(assessment.marks)


def plain(marks):
    """Return a string of marks without the spaces that group it."""
    return re.sub(r"\s", "", marks)
