"""What the database asks of hearings: of members and ballots, of the count of a round, of a decision.

Who may vote, which votes count and how many make a quorum is asked of the queries that the program asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.lookups import Exact

from competencies.people.querysets import here
from competencies.trail.triggers import Refuse, Written

from .models import Ballot, Casting, Count, Decision, Hearing, Member, Outcome
from .models.hearing import all_counted, having_cast
from .recusal import BY_RULE, barred, called, recused

if TYPE_CHECKING:
    from competencies.trail.triggers import Condition

STAYS = "What a hearing said stays as it was said."
DECIDED = "EXISTS (SELECT 1 FROM {table:promotions.decision} d WHERE d.hearing_id = {row}.hearing_id)"
CAST = "EXISTS (SELECT 1 FROM {table:promotions.casting} c WHERE c.ballot_id = {row}.id)"

# Of one who hands in a ballot: a vote with its reasons, of a member who is here on that day, and neither
# recused nor barred by any ground, in a round that is not open yet.
DAY, VOTER = Written(Casting, "day"), F("person_id")
BALLOT = Ballot.objects.filter(pk=Written(Casting, "ballot"))
UNREASONED = Q(vote="") | Q(reason="", per_competency="{}")
TOO_LATE_TO_VOTE = Q(Exists(Count.objects.filter(hearing=OuterRef("hearing"), round=OuterRef("round"))))
UNFIT = BALLOT.filter(
    UNREASONED
    | TOO_LATE_TO_VOTE
    | ~called("hearing__", VOTER)
    | recused("hearing__", VOTER)
    | ~here("person__", on=DAY)
    | barred(BY_RULE, "hearing__", VOTER, DAY)
)
OF_HR = BALLOT.filter(barred(("hr",), "hearing__", VOTER, DAY))

# Who is going to leave is not waited for: the row of a count has an instant, and no day.
AWAITED = (
    Member.objects.not_recused()
    .filter(hearing=Written(Count, "hearing"), person__leaves_on=None)
    .exclude(having_cast(Written(Count, "round")))
)
TOO_FEW = Hearing.objects.filter(pk=Written(Count, "hearing")).without_quorum(Written(Count, "round"))

HEARD = Hearing.objects.filter(pk=Written(Decision, "hearing"))
LAST = Subquery(
    Count.objects.filter(hearing=Written(Decision, "hearing")).order_by("-round").values("round")[:1]
)
VOTES = Ballot.objects.counting().filter(hearing=Written(Decision, "hearing"), round=LAST)
OUTCOME = Written(Decision, "outcome")
AGAINST_MAJORITY = VOTES.exclude(vote=OUTCOME).of_majority(among=VOTES)
NO_MAJORITY = HEARD.filter(Exact(OUTCOME, Outcome.PROMOTE), ~Exists(VOTES.of_majority(among=VOTES)))
NOT_SAID = (
    "({row}.feedback = '' OR {row}.rationale = '' OR ({row}.outcome = 'not-yet' AND {row}.conditions = ''))"
)
TOO_LATE = (
    "NOT EXISTS (SELECT 1 FROM {table:promotions.release} s"
    " JOIN {table:promotions.decision} d ON d.id = s.decision_id"
    " JOIN {table:promotions.hearing} h ON h.id = d.hearing_id"
    " WHERE h.case_id = {row}.case_id AND h.stage = 'first' AND s.appeal_until >= {row}.at)"
)


def _inserts(model: str, reason: str, *conditions: Condition) -> list[Refuse]:
    return [Refuse(model, on=("insert",), when=when, reason=reason) for when in conditions]


TRIGGERS = [
    *(Refuse(model, reason=STAYS) for model in ("hearing", "member", "recusal", "count", "casting")),
    *(Refuse(model, reason=STAYS) for model in ("remark", "unmasking", "appeal", "release")),
    Refuse("decision", reason="A decision stays as it was made."),
    *_inserts("member", "A decided hearing takes nobody in.", DECIDED),
    *_inserts("recusal", "A decided hearing recuses nobody.", DECIDED),
    Refuse("ballot", on=("update", "delete"), when=CAST, reason="A ballot that was cast stays as it is."),
    *_inserts("casting", "Only a member who may answer the case votes, with reasons.", UNFIT),
    *_inserts("casting", "Where names are hidden, nobody of HR votes.", OF_HR),
    *_inserts("count", "Ballots open together, once all are in.", AWAITED, TOO_FEW),
    *_inserts(
        "decision",
        "No decision without a quorum of open ballots.",
        HEARD.filter(committee=None),
        HEARD.exclude(all_counted()),
        HEARD.without_quorum(LAST),
    ),
    *_inserts("decision", "A decision follows the majority.", AGAINST_MAJORITY, NO_MAJORITY),
    *_inserts("decision", "A decision says why, and what to the candidate.", NOT_SAID),
    *_inserts("appeal", "An appeal comes within its days.", TOO_LATE),
]
