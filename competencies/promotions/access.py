"""Who may do what to promotion cases. A draft is its sponsor's alone."""

from django.db.models import Q

from competencies.access.rules import rule
from competencies.people.querysets import here
from competencies.trail.discretion import keep_quiet
from competencies.trail.reading import Reading

from .models import PromotionCase

OPEN = Q(decision=None, withdrawal=None)
CASE = Reading("case.read", about="subject", shown=lambda case: getattr(case, "proposal", None) is not None)

keep_quiet("case.opened", "case.dropped", "case.evidence_chosen", "case.stories_arranged")
keep_quiet("claim.added", "claim.rewritten", "claim.removed", "statement.written")
keep_quiet("story.added", "story.rewritten", "story.removed")


@rule("promotions.nominate_person", on="people.Person")
def nominate_person(person):
    return here() & Q(pk__in=person.reports().values("pk"))


@rule("promotions.read_case", on="promotions.PromotionCase", reading=CASE)
def read_case(person):
    concerned = Q(subject=person) | person.over("subject") | person.holding("hr")
    return _sponsored(person) | (Q(proposal__isnull=False) & concerned)


@rule("promotions.write_case", on="promotions.PromotionCase")
def write_case(person):
    return OPEN & Q(proposal=None) & _sponsored(person)


@rule("promotions.write_claim", on="promotions.Claim")
def write_claim(person):
    return _of_written_case(person)


@rule("promotions.write_story", on="promotions.Story")
def write_story(person):
    return _of_written_case(person)


@rule("promotions.withdraw_case", on="promotions.PromotionCase", reading=CASE)
def withdraw_case(person):
    """The sponsor at any time; HR once it is proposed, as the sponsor may have moved on."""
    of_others = ~Q(subject=person) & person.holding("hr")
    return OPEN & (_sponsored(person) | (Q(proposal__isnull=False) & of_others))


@rule("promotions.decide_case", on="promotions.PromotionCase", reading=CASE)
def decide_case(person):
    return OPEN & Q(proposal__isnull=False) & ~Q(subject=person) & ~Q(sponsor=person) & person.holding("hr")


@rule("promotions.read_readiness", on="promotions.PromotionCase", reading=CASE)
def read_readiness(person):
    return read_case(person)


@rule("promotions.read_rationale", on="promotions.PromotionCase", reading=CASE)
def read_rationale(person):
    """What was decided, with the reasons as the committee put them: not for the candidate."""
    return read_case(person) & Q(decision__isnull=False) & ~Q(subject=person)


def _of_written_case(person):
    return Q(case__in=PromotionCase.objects.filter(write_case(person)).values("pk"))


def _sponsored(person):
    return Q(sponsor=person, subject__in=person.reports().values("pk"))
