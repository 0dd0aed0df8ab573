"""What the database asks of hearings: of members and ballots, of the count of a round, of a decision."""

from __future__ import annotations

from competencies.trail.triggers import Refuse

STAYS = "What a hearing said stays as it was said."
DECIDED = "EXISTS (SELECT 1 FROM {table:promotions.decision} d WHERE d.hearing_id = {row}.hearing_id)"
CAST = "EXISTS (SELECT 1 FROM {table:promotions.casting} c WHERE c.ballot_id = {row}.id)"

# Of one who hands in a ballot: a vote with its reasons, of a member, who is neither recused, nor in the
# candidate's line on that day, nor the candidate or the sponsor, nor sat in the first hearing of an appeal.
UNREASONED = "(b.vote = '' OR (b.reason = '' AND b.per_competency = '{}'))"
NOT_CALLED = (
    "NOT EXISTS (SELECT 1 FROM {table:promotions.member} m"
    " WHERE m.hearing_id = b.hearing_id AND m.person_id = b.person_id)"
)
RECUSED = (
    "EXISTS (SELECT 1 FROM {table:promotions.recusal} r"
    " WHERE r.hearing_id = b.hearing_id AND r.person_id = b.person_id)"
)
IN_LINE = (
    "EXISTS (SELECT 1 FROM {table:people.managerpath} l"
    " WHERE ((l.person_id = k.subject_id AND l.manager_id = b.person_id)"
    " OR (l.person_id = b.person_id AND l.manager_id = k.subject_id))"
    " AND l.starts_on <= {row}.day AND l.until > {row}.day)"
)
TOO_LATE_TO_VOTE = (
    "EXISTS (SELECT 1 FROM {table:promotions.count} n"
    " WHERE n.hearing_id = b.hearing_id AND n.round = b.round)"
)
SAT_BEFORE = (
    "(h.stage = 'appeal' AND EXISTS (SELECT 1 FROM {table:promotions.hearing} f"
    " JOIN {table:promotions.ballot} e ON e.hearing_id = f.id"
    " JOIN {table:promotions.casting} g ON g.ballot_id = e.id"
    " WHERE f.case_id = h.case_id AND f.stage = 'first' AND e.person_id = b.person_id))"
)
UNFIT = (
    "EXISTS (SELECT 1 FROM {table:promotions.ballot} b"
    " JOIN {table:promotions.hearing} h ON h.id = b.hearing_id"
    " JOIN {table:promotions.promotioncase} k ON k.id = h.case_id"
    " WHERE b.id = {row}.ballot_id AND (b.person_id IN (k.subject_id, k.sponsor_id) OR "
    + " OR ".join([UNREASONED, NOT_CALLED, RECUSED, IN_LINE, TOO_LATE_TO_VOTE, SAT_BEFORE])
    + "))"
)

# The members who sit: called, and not recused.
SITTING = (
    "FROM {table:promotions.member} m WHERE m.hearing_id = {row}.hearing_id AND NOT EXISTS"
    " (SELECT 1 FROM {table:promotions.recusal} r"
    " WHERE r.hearing_id = m.hearing_id AND r.person_id = m.person_id)"
)
HAS_CAST = (
    "EXISTS (SELECT 1 FROM {table:promotions.ballot} b JOIN {table:promotions.casting} c"
    " ON c.ballot_id = b.id WHERE b.hearing_id = m.hearing_id AND b.person_id = m.person_id"
    " AND b.round = {row}.round)"
)
HERE = "EXISTS (SELECT 1 FROM {table:people.person} p WHERE p.id = m.person_id AND p.leaves_on IS NULL)"
NOT_ALL_IN = f"EXISTS (SELECT 1 {SITTING} AND {HERE} AND NOT {HAS_CAST})"
TOO_FEW = (
    f"(SELECT COUNT(*) {SITTING} AND {HAS_CAST})"
    " < (SELECT q.quorum FROM {table:promotions.hearing} q WHERE q.id = {row}.hearing_id)"
)

# The votes that count: of the last round that is open, cast, by members who are not recused.
LAST = "(SELECT MAX(n.round) FROM {table:promotions.count} n WHERE n.hearing_id = {row}.hearing_id)"
VOTES = (
    "FROM {table:promotions.ballot} b JOIN {table:promotions.casting} c ON c.ballot_id = b.id"
    " WHERE b.hearing_id = {row}.hearing_id AND b.round = " + LAST + " AND NOT " + RECUSED
)
BELOW_QUORUM = (
    f"(SELECT COUNT(*) {VOTES})"
    " < (SELECT q.quorum FROM {table:promotions.hearing} q WHERE q.id = {row}.hearing_id)"
)
SPLIT = (
    "(SELECT COUNT(DISTINCT b.vote) FROM {table:promotions.ballot} b"
    " JOIN {table:promotions.casting} c ON c.ballot_id = b.id"
    " WHERE b.hearing_id = {row}.hearing_id AND b.round = 1) > 1"
)
ROUND_DUE = (
    "EXISTS (SELECT 1 FROM {table:promotions.hearing} q WHERE q.id = {row}.hearing_id AND"
    " (q.second_ballot = 'always' OR (q.second_ballot = 'if-split' AND " + SPLIT + "))"
    " AND COALESCE(" + LAST + ", 0) < 2)"
)
AGAINST_MAJORITY = (
    f"EXISTS (SELECT b.vote {VOTES} AND b.vote <> {{row}}.outcome GROUP BY b.vote"
    f" HAVING 2 * COUNT(*) > (SELECT COUNT(*) {VOTES}))"
)
NO_MAJORITY = (
    "({row}.outcome = 'promote' AND "
    f"2 * (SELECT COUNT(*) {VOTES} AND b.vote = 'promote') <= (SELECT COUNT(*) {VOTES}))"
)
NOT_SAID = (
    "({row}.feedback = '' OR {row}.rationale = '' OR ({row}.outcome = 'not-yet' AND {row}.conditions = ''))"
)
NOBODY_ASKED = (
    "EXISTS (SELECT 1 FROM {table:promotions.hearing} q"
    " WHERE q.id = {row}.hearing_id AND q.committee_id IS NULL)"
)
TOO_LATE = (
    "NOT EXISTS (SELECT 1 FROM {table:promotions.release} s"
    " JOIN {table:promotions.decision} d ON d.id = s.decision_id"
    " JOIN {table:promotions.hearing} h ON h.id = d.hearing_id"
    " WHERE h.case_id = {row}.case_id AND h.stage = 'first' AND s.appeal_until >= {row}.at)"
)

OF_HR = (
    "EXISTS (SELECT 1 FROM {table:promotions.ballot} b"
    " JOIN {table:promotions.hearing} h ON h.id = b.hearing_id"
    " JOIN {table:people.rolegrant} g ON g.person_id = b.person_id"
    " WHERE b.id = {row}.ballot_id AND h.masked AND g.role = 'hr' AND g.revoked_at IS NULL)"
)

TRIGGERS = [
    *(Refuse(model, reason=STAYS) for model in ("hearing", "member", "recusal", "count", "casting")),
    *(Refuse(model, reason=STAYS) for model in ("remark", "unmasking", "appeal", "release")),
    Refuse("decision", reason="A decision stays as it was made."),
    Refuse("member", on=("insert",), when=DECIDED, reason="A decided hearing takes nobody in."),
    Refuse("recusal", on=("insert",), when=DECIDED, reason="A decided hearing recuses nobody."),
    Refuse("ballot", on=("update", "delete"), when=CAST, reason="A ballot that was cast stays as it is."),
    Refuse(
        "casting",
        on=("insert",),
        when=UNFIT,
        reason="Only a member who may answer the case votes, with reasons.",
    ),
    Refuse(
        "count",
        on=("insert",),
        when=f"({NOT_ALL_IN} OR {TOO_FEW})",
        reason="Ballots open together, once all are in.",
    ),
    Refuse(
        "decision",
        on=("insert",),
        when=f"({NOBODY_ASKED} OR {LAST} IS NULL OR {ROUND_DUE} OR {BELOW_QUORUM})",
        reason="No decision without a quorum of open ballots.",
    ),
    Refuse(
        "decision",
        on=("insert",),
        when=f"({AGAINST_MAJORITY} OR {NO_MAJORITY})",
        reason="A decision follows the majority.",
    ),
    Refuse(
        "decision",
        on=("insert",),
        when=NOT_SAID,
        reason="A decision says why, and what to the candidate.",
    ),
    Refuse("appeal", on=("insert",), when=TOO_LATE, reason="An appeal comes within its days."),
    Refuse("casting", on=("insert",), when=OF_HR, reason="Where names are hidden, nobody of HR votes."),
]
