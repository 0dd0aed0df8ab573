"""Who may do what to promotion cases. A draft is its sponsor's, and the candidate's to whom they open it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from competencies.core.clock import today
from competencies.core.permissions import rule
from competencies.people.querysets import here
from competencies.trail.audit_reads import Reading
from competencies.trail.visibility import keep_between, keep_quiet, keep_to_the_auditor

from .models import (
    Ballot,
    Count,
    EndorsementRequest,
    Hearing,
    Member,
    PromotionCase,
    Seat,
    Statement,
    Unmasking,
)
from .models.decision import released
from .models.endorsement import gathering
from .models.hearing import all_counted, counted, heard, open_to_appeal
from .recusal import BY_RULE, apart, barred, called, recused

if TYPE_CHECKING:
    from competencies.people.models import Person


CASE = Reading("case.read", about="subject", shown=lambda case: getattr(case, "proposal", None) is not None)

HEARING = Reading("hearing.read", about="case.subject")
BALLOT = Reading("ballot.read", about="hearing.case.subject")
DECISION = Reading("decision.read", about="hearing.case.subject")
NOT_WITHDRAWN = Q(case__withdrawal=None)
RUNNING = Q(decision=None, case__withdrawal=None)

keep_to_the_auditor("hearing.read", "ballot.written", "ballot.cast", "ballots.opened", "ballot.read")
keep_to_the_auditor("member.recused", "remark.made", "decision.made", "decision.read", "decision.drafted")
keep_to_the_auditor("ballot.redacted", "decision.redacted", "endorsement.redacted")
keep_quiet("hearing.called", "hearing.unmasked")
keep_quiet("case.opened", "case.described", "case.dropped", "case.evidence_chosen", "case.stories_arranged")
keep_quiet("claim.added", "claim.rewritten", "claim.removed", "statement.written")
keep_quiet("story.added", "story.rewritten", "story.removed")
keep_quiet("endorsement.asked", "endorsement.requested", "endorsement.recalled")
keep_quiet("endorsement.given", "endorsement.declined")
keep_between("case.shared", "case.unshared")


@rule("promotions.govern_policy", on="promotions.Policy")
def govern_policy(person: Person) -> Q:
    return person.holding("hr")


@rule("promotions.choose_cycle", on="reviews.Cycle")
def choose_cycle(person: Person) -> Q:
    """Cycles that are not over, prepared ones too: whoever has reports plans towards the next."""
    return Q(closing=None) & Q(Exists(person.reports()))


@rule("promotions.choose_presenter", on="people.Person")
def choose_presenter(person: Person) -> Q:
    """Those around whoever sponsors: above, beside and right below, as on the chart."""
    around = (person.above(), person.beside(), person.reports())
    return here() & ~Q(pk=person.pk) & reduce(or_, (Q(pk__in=people.values("pk")) for people in around))


@rule("promotions.nominate_person", on="people.Person")
def nominate_person(person: Person) -> Q:
    return here() & Q(pk__in=person.reports().values("pk"))


@rule("promotions.read_case", on="promotions.PromotionCase", reading=CASE)
def read_case(person: Person) -> Q:
    """The sponsor, and the candidate to whom they opened it; all concerned once it is proposed."""
    concerned = Q(subject=person) | Q(presenter=person) | person.over("subject") | person.holding("hr")
    return _sponsored(person) | _written_along(person) | (Q(proposal__isnull=False) & concerned)


@rule("promotions.write_case", on="promotions.PromotionCase")
def write_case(person: Person) -> Q:
    return Q(withdrawal=None, proposal=None) & (_sponsored(person) | _written_along(person))


@rule("promotions.describe_case", on="promotions.PromotionCase")
def describe_case(person: Person) -> Q:
    return _led_draft(person)


@rule("promotions.share_case", on="promotions.PromotionCase")
def share_case(person: Person) -> Q:
    return _led_draft(person) & Q(sharing=None)


@rule("promotions.unshare_case", on="promotions.PromotionCase")
def unshare_case(person: Person) -> Q:
    return _led_draft(person) & Q(sharing__isnull=False)


@rule("promotions.propose_case", on="promotions.PromotionCase")
def propose_case(person: Person) -> Q:
    return _led_draft(person)


@rule("promotions.read_statement", on="promotions.Statement")
def read_statement(person: Person) -> Q:
    """Those of a case one reads; the candidate not what the manager writes, until it is proposed."""
    readable = Q(case__in=PromotionCase.objects.filter(read_case(person)).values("pk"))
    closed_to_them = Q(kind=Statement.Kind.MANAGER, case__subject=person, case__proposal=None)
    return readable & ~closed_to_them


@rule("promotions.write_statement", on="promotions.Statement")
def write_statement(person: Person) -> Q:
    return _of_written_case(person) & ~Q(kind=Statement.Kind.MANAGER, case__subject=person)


@rule("promotions.write_claim", on="promotions.Claim")
def write_claim(person: Person) -> Q:
    return _of_written_case(person)


@rule("promotions.write_story", on="promotions.Story")
def write_story(person: Person) -> Q:
    return _of_written_case(person)


@rule("promotions.ask_endorsement", on="promotions.PromotionCase")
def ask_endorsement(person: Person) -> Q:
    """Who writes the draft; the sponsor also from then on, until the case is answered."""
    return gathering() & (_sponsored(person) | (Q(proposal=None) & _written_along(person)))


@rule("promotions.read_request", on="promotions.EndorsementRequest")
def read_request(person: Person) -> Q:
    """Whom somebody asked, and whether they answered: the candidate in a draft that they write along."""
    readable = PromotionCase.objects.filter(read_case(person))
    open_to_them = ~Q(subject=person) | Q(sharing__isnull=False) | released()
    return Q(case__in=readable.filter(open_to_them).values("pk"))


@rule("promotions.remind_endorser", on="promotions.EndorsementRequest")
def remind_endorser(person: Person) -> Q:
    """The sponsor any who can still answer, and everybody those whom they asked themselves."""
    asking = PromotionCase.objects.filter(ask_endorsement(person)).values("pk")
    still = Q(pk__in=EndorsementRequest.objects.active().values("pk"))
    return still & Q(case__in=asking) & (Q(by=person) | ~Q(case__subject=person))


@rule("promotions.recall_request", on="promotions.EndorsementRequest")
def recall_request(person: Person) -> Q:
    return remind_endorser(person)


@rule("promotions.answer_request", on="promotions.EndorsementRequest")
def answer_request(person: Person) -> Q:
    """Whoever signs in as the one who was asked comes to the page without the link."""
    return Q(pk__in=EndorsementRequest.objects.active().values("pk")) & Q(person=person)


@rule("promotions.read_endorsement", on="promotions.Endorsement")
def read_endorsement(person: Person) -> Q:
    return _of_heard_case(person)


@rule("promotions.read_refusal", on="promotions.EndorsementRefusal")
def read_refusal(person: Person) -> Q:
    return _of_heard_case(person)


@rule("promotions.withdraw_case", on="promotions.PromotionCase", reading=CASE)
def withdraw_case(person: Person) -> Q:
    """The sponsor at any time, the candidate once they read it; HR once it is proposed, as the sponsor may
    have moved on.
    """
    proposed = Q(proposal__isnull=False) & (Q(subject=person) | person.holding("hr"))
    return Q(withdrawal=None) & ~released() & (_sponsored(person) | _written_along(person) | proposed)


@rule("promotions.read_readiness", on="promotions.PromotionCase", reading=CASE)
def read_readiness(person: Person) -> Q:
    return read_case(person)


@rule("promotions.read_rationale", on="promotions.PromotionCase", reading=CASE)
def read_rationale(person: Person) -> Q:
    """What was decided, with the reasons as the committee put them: not for the candidate."""
    return read_case(person) & released() & ~Q(subject=person)


@rule("promotions.seat_committees", on="people.Organisation")
def seat_committees(person: Person) -> Q:
    return person.holding("hr")


@rule("promotions.sit_in_committees", on="people.Organisation")
def sit_in_committees(person: Person) -> Q:
    """Whoever has a seat in a committee, or was called to a hearing once."""
    seats = Seat.objects.filter(person=person, ended_at=None)
    calls = Member.objects.filter(person=person)
    return Q(Exists(seats)) | Q(Exists(calls))


@rule("promotions.seat_committee", on="promotions.Committee")
def seat_committee(person: Person) -> Q:
    return person.holding("hr")


@rule("promotions.read_committee", on="promotions.Committee")
def read_committee(person: Person) -> Q:
    """HR, and those who have a seat in it."""
    seats = Seat.objects.filter(committee=OuterRef("pk"), person=person, ended_at=None)
    return person.holding("hr") | Q(Exists(seats))


@rule("promotions.convene_hearing", on="promotions.PromotionCase", reading=CASE)
def convene_hearing(person: Person) -> Q:
    """HR who have no part in the case: a proposed one, or one whose decision is appealed against."""
    appealed = Q(appeal__isnull=False) & ~_heard_again()
    waiting = (Q(proposal__isnull=False) & ~heard()) | appealed
    return waiting & Q(withdrawal=None) & apart(person, "") & person.holding("hr")


@rule("promotions.read_hearing", on="promotions.Hearing", reading=HEARING)
def read_hearing(person: Person) -> Q:
    """Those who answer the case, and HR who have no part in it. Nobody who was recused."""
    return apart(person) & (_sits(person) | _runs(person))


@rule("promotions.call_member", on="promotions.Hearing", reading=HEARING)
def call_member(person: Person) -> Q:
    return RUNNING & apart(person) & _runs(person)


@rule("promotions.excuse_member", on="promotions.Hearing", reading=HEARING)
def excuse_member(person: Person) -> Q:
    """As long as no ballots are open, and so nothing is decided."""
    return NOT_WITHDRAWN & ~counted() & apart(person) & _runs(person)


@rule("promotions.cast_ballot", on="promotions.Hearing", reading=HEARING)
def cast_ballot(person: Person) -> Q:
    """Whoever sits, and has not handed in a ballot of the round in which ballots are cast."""
    kept_out = barred(BY_RULE, "", person.pk, today())
    return NOT_WITHDRAWN & ~kept_out & _sits(person) & _awaiting(person)


@rule("promotions.step_aside", on="promotions.Hearing", reading=HEARING)
def step_aside(person: Person) -> Q:
    return cast_ballot(person)


@rule("promotions.discuss_hearing", on="promotions.Hearing", reading=HEARING)
def discuss_hearing(person: Person) -> Q:
    """Those who read the hearing, once first ballots are open and until it is decided."""
    return RUNNING & counted() & read_hearing(person)


@rule("promotions.unmask_hearing", on="promotions.Hearing", reading=HEARING)
def unmask_hearing(person: Person) -> Q:
    unmasked = Unmasking.objects.filter(hearing=OuterRef("pk"), person=person)
    return Q(masked=True) & apart(person) & _sits(person) & Q(~Exists(unmasked))


@rule("promotions.decide_hearing", on="promotions.Hearing", reading=HEARING)
def decide_hearing(person: Person) -> Q:
    """The chair, or HR who have no part in the case, once all ballots are open."""
    return RUNNING & all_counted() & apart(person) & (_chairs(person) | _runs(person))


@rule("promotions.read_ballot", on="promotions.Ballot", reading=BALLOT)
def read_ballot(person: Person) -> Q:
    """One's own; that of others once those of its round are open, for who may read the hearing."""
    opened = Count.objects.filter(hearing=OuterRef("hearing"), round=OuterRef("round"))
    readable = Hearing.objects.filter(read_hearing(person)).values("pk")
    of_others = Q(Exists(opened)) & Q(casting__isnull=False, hearing__in=readable)
    return (Q(person=person) & Q(hearing__in=readable)) | of_others


@rule("promotions.read_decision", on="promotions.Decision", reading=DECISION)
def read_decision(person: Person) -> Q:
    """Before the release those who sit and HR; from then on whoever may read the case."""
    sitting = Hearing.objects.filter(read_hearing(person)).values("pk")
    concerned = PromotionCase.objects.filter(read_case(person)).values("pk")
    return Q(hearing__in=sitting) | (Q(release__isnull=False) & Q(hearing__case__in=concerned))


@rule("promotions.read_decision_draft", on="promotions.DecisionDraft")
def read_decision_draft(person: Person) -> Q:
    """One's own, and nobody else's."""
    return Q(person=person)


@rule("promotions.release_decision", on="promotions.Decision", reading=DECISION)
def release_decision(person: Person) -> Q:
    return (
        Q(release=None, hearing__case__withdrawal=None)
        & apart(person, "hearing__case__")
        & person.holding("hr")
    )


@rule("promotions.appeal_decision", on="promotions.PromotionCase", reading=CASE)
def appeal_decision(person: Person) -> Q:
    return Q(subject=person) & open_to_appeal()


def _sits(person: Person) -> Q:
    return called("", person.pk) & ~recused("", person.pk)


def _chairs(person: Person) -> Q:
    chairs = Member.objects.filter(hearing=OuterRef("pk"), person=person, chair=True)
    return Q(Exists(chairs)) & ~recused("", person.pk)


def _runs(person: Person) -> Q:
    """Hearings that `person` runs for HR: all in which they were not recused."""
    return ~recused("", person.pk) & person.holding("hr")


def _awaiting(person: Person) -> Q:
    """Hearings with a round that is not open yet and in which `person` has not voted."""
    first = ~counted() & ~_has_cast(person, 1)
    second = counted() & ~_has_cast(person, 2)
    return ~all_counted() & (first | second)


def _has_cast(person: Person, round: int) -> Q:
    ballots = Ballot.objects.filter(hearing=OuterRef("pk"), person=person, round=round)
    return Q(Exists(ballots.filter(casting__isnull=False)))


def _heard_again() -> Q:
    return Q(Exists(Hearing.objects.filter(case=OuterRef("pk"), stage=Hearing.Stage.APPEAL)))


def _of_written_case(person: Person) -> Q:
    return Q(case__in=PromotionCase.objects.filter(write_case(person)).values("pk"))


def _of_heard_case(person: Person) -> Q:
    """What endorsers say: to those who read the case, but to the candidate only once it is answered."""
    readable = PromotionCase.objects.filter(read_case(person))
    return Q(request__case__in=readable.filter(~Q(subject=person) | released()).values("pk"))


def _led_draft(person: Person) -> Q:
    return Q(withdrawal=None, proposal=None) & _sponsored(person)


def _written_along(person: Person) -> Q:
    return Q(sharing__isnull=False, subject=person)


def _sponsored(person: Person) -> Q:
    return Q(sponsor=person, subject__in=person.reports().values("pk"))
