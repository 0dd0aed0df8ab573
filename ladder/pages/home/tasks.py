"""What a person has to do now, gathered from every part of the product, most pressing first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competencies.core.clock import now, today
from competencies.core.prepared import prepared
from competencies.evidence.models import Evidence
from competencies.framework.models import Edition
from competencies.notices.models import Letter
from competencies.people.models import Person
from competencies.promotions.models import Decision, EndorsementRequest, Hearing, Member, PromotionCase
from competencies.promotions.models.case import read_hearings
from competencies.reviews.models import Assessment, Cycle, Review

READ_OF_A_KIND, MOST_ASSESSMENTS = 50, 300
MENDED_WITHIN = timedelta(weeks=2)
QUIET_FOR = timedelta(weeks=5)
MAILS = {  # in words: what choices of a model are called is in its migrations
    Letter.Kind.INVITATION: gettext_lazy("Invitation"),
    Letter.Kind.RESET: gettext_lazy("New password"),
    Letter.Kind.ACCOUNT: gettext_lazy("Account change"),
    Letter.Kind.NEW_EMAIL: gettext_lazy("Change of email address"),
    Letter.Kind.SECOND_FACTOR: gettext_lazy("Two-factor authentication reset"),
    Letter.Kind.ENDORSEMENT: gettext_lazy("Endorsement request"),
    Letter.Kind.ENDORSED: gettext_lazy("Answer to an endorsement request"),
    Letter.Kind.CALL: gettext_lazy("Invitation to a hearing"),
    Letter.Kind.TRAIL_HEAD: gettext_lazy("Audit log checkpoint"),
}
FAILURES = {
    Letter.Failure.REFUSED: gettext_lazy("the mail server rejected the address."),
    Letter.Failure.GIVEN_UP: gettext_lazy("no mail server accepted it within a day."),
}


@dataclass(frozen=True)
class Task:
    """One thing to do: what, why, until when (an instant or None), where, and the word on the button."""

    title: str
    why: str
    url: str
    action: str
    due: datetime | None = None
    weight: int = 5
    cycle: Cycle | None = None
    of_promotions: bool = False

    @property
    def order(self):
        """Return by what tasks are sorted, the most pressing first."""
        return self.weight, self.due or now() + timedelta(days=3650), self.title

    @property
    def urgent(self):
        return self.due is not None and self.due < now() + timedelta(days=3)

    @property
    def late(self):
        return self.due is not None and self.due < now()


def tasks_of(person, organisation, placement, *, assessments, reviews, cases):
    """Return the `Task`s of `person`. The number of queries does not depend on how many there are.

    `organisation` is marked with what the person may do in it, `placement` where they are placed today.
    The other arguments are what `assessments_by`, `reviews_to_end` and `cases_of` return.
    """
    found = [
        *letters_that_came_back(person),
        *assessments_to_write(assessments),
        *talks_and_signatures(person, reviews),
        *cases_to_finish(person, cases),
        *endorsements_to_write(person),
        *hearings_to_bring_on(person, organisation),
        *(cycles_to_run(person) if organisation.may_run_cycles else ()),
        *(editions_to_publish(person) if organisation.may_write else ()),
        *(evidence_to_log(person) if placement else ()),
    ]
    return sorted(found, key=lambda task: task.order)


def letters_that_came_back(person):
    """Letters that one had ordered and that did not arrive, for two weeks or until one goes out anew."""
    shown = _lost_letters(person)
    asked = EndorsementRequest.objects.allowing(person, "promotions.read_request").in_bulk(
        [letter.row for letter in shown if letter.kind == Letter.Kind.ENDORSEMENT]
    )
    for letter in shown:
        of = asked.get(letter.row) if letter.kind == Letter.Kind.ENDORSEMENT else letter.receiver
        yield Task(
            title=_("The email to %(name)s was not delivered") % {"name": of or _("someone")},
            why=f"{MAILS[letter.kind]}: {FAILURES[letter.failure]}",
            url=of.get_absolute_url() if of else reverse("home"),
            action=_("Open"),
            weight=2,
        )


@prepared
def _lost_letters(person: Person):
    lost = Letter.objects.allowing(person, "notices.read_letter").undelivered().filter(by=person)
    latest = lost.filter(failed_at__gt=now() - MENDED_WITHIN).select_related("receiver")
    return latest.order_by("-failed_at", "-pk")[:READ_OF_A_KIND]


@prepared
def assessments_by(person: Person):
    """What `person` has to write in open cycles or has submitted, with how far each has come."""
    running = Assessment.objects.filter(
        author=person, review__cycle__opening__isnull=False, review__cycle__closing=None
    )
    return (
        running.exclude(kind=Assessment.Kind.FORMER)
        .marking(person, may_write="reviews.write_assessment")
        .annotate(
            answered=Count("ratings", filter=Q(ratings__point__isnull=False), distinct=True),
            asked=Count("review__level__edition__competency", distinct=True),
            is_in=ExpressionWrapper(Assessment.objects.is_submitted(), BooleanField()),
            may_see=Exists(
                Review.objects.allowing(person, "reviews.read_review").filter(pk=OuterRef("review"))
            ),
        )
        .select_related("review__cycle", "review__subject", "review__manager", "review__reveal")
        .select_related("review__level__edition")
        .order_by("review__cycle__self_due_at", "review__cycle", "-kind", "review__subject__name", "pk")
    )[:MOST_ASSESSMENTS]


def assessments_to_write(assessments):
    """One's self-assessment and those of one's reports that are not submitted, with how far each has come."""
    for assessment in assessments:
        if not assessment.may_write:
            continue
        review, mine = assessment.review, assessment.kind == Assessment.Kind.SELF
        if mine:
            title, more = _("Assess yourself"), _("Only you see it until you submit it.")
        else:
            title = _("Assess %(person)s") % {"person": review.subject}
            more = _("At %(level)s level.") % {"level": review.level}
        yield Task(
            title=title,
            why=f"{_progress(assessment)} {more}",
            url=assessment.get_absolute_url(),
            action=_("Continue") if assessment.answered else _("Begin"),
            due=assessment.due_at,
            weight=1 if mine else 2,
            cycle=review.cycle,
        )


def talks_and_signatures(person, reviews):
    """Shared reviews to discuss, and discussed ones to sign off."""
    for review in reviews:
        mine = review.subject_id == person.pk
        if review.may_sign:
            title = (
                _("Sign off your review")
                if mine
                else _("Sign off the review of %(person)s") % {"person": review.subject}
            )
            why, action = (
                _("You have discussed it. Signing off means you have read it, not that you agree."),
                _("Sign off"),
            )
        elif review.may_discuss:
            title = _("Discuss with %(person)s") % {"person": review.subject}
            why, action = _("Both assessments are in. Compare them side by side first."), _("Compare")
        else:
            continue
        yield Task(
            title=title,
            why=why,
            url=review.get_absolute_url(),
            action=action,
            weight=3,
            cycle=review.cycle,
        )


@prepared
def reviews_to_end(person: Person):
    """Shared reviews of oneself and one's reports in open cycles that are not signed off by both."""
    return (
        Review.objects.allowing(person, "reviews.compare_review")
        .marking(person, may_discuss="reviews.discuss_review", may_sign="reviews.sign_review")
        .with_state()
        .filter(Q(subject=person) | Q(subject__in=person.reports().values("pk")))  # few, and by an index
        .filter(Q(signed_by_subject=False) | Q(signed_by_manager=False))
        .filter(cycle__closing=None, reveal__isnull=False)
        .order_by("reveal__at", "pk")[:READ_OF_A_KIND]
    )


def cases_to_finish(person, cases):
    """Promotion cases in preparation."""
    for case in cases:
        if case.may_write:
            yield Task(
                title=_prepared(case, person),
                why=_drafted(case, person),
                url=case.get_absolute_url(),
                action=_("Open the case"),
                weight=4,
                of_promotions=True,
            )


def cases_of(person):
    """Return the newest cases of which one is sponsor or candidate, with their state."""
    cases = _cases_of(person)
    read_hearings(cases)
    return cases


@prepared
def _cases_of(person: Person):
    rows = PromotionCase.objects.allowing(person, "promotions.read_case").joined()
    rows = rows.marking(person, may_write="promotions.write_case")
    return rows.filter(Q(subject=person) | Q(sponsor=person), withdrawal=None)[:READ_OF_A_KIND]


def _prepared(case, person):
    if case.subject_id == person.pk:
        return _("Contribute to your case for %(level)s") % {"level": case.to_level}
    return _("Prepare the case: %(case)s") % {"case": case}


def _drafted(case, person):
    if not case.is_shared:
        return _("A draft. Only you see it until you propose it.")
    other = case.sponsor if case.subject_id == person.pk else case.subject
    return _("A draft that you and %(person)s write together.") % {"person": other}


def endorsements_to_write(person):
    """Requests to say what one saw of somebody, by the email of one's account."""
    for request in _requests(person):
        yield Task(
            title=_("Endorse %(person)s") % {"person": request.case.subject},
            why=_("%(person)s asks for your endorsement.") % {"person": request.by},
            url=reverse("endorsement_request", args=[request.pk]),
            action=_("Write endorsement"),
            due=request.expires_at,
            weight=3,
            of_promotions=True,
        )


@prepared
def _requests(person: Person):
    asked = EndorsementRequest.objects.allowing(person, "promotions.answer_request").with_case()
    return asked.order_by("expires_at", "pk")[:READ_OF_A_KIND]


def hearings_to_bring_on(person, organisation):
    """What committees wait for. Most people have nothing to do with one, and their rules cost most to ask."""
    if _calls(person):
        yield from ballots_to_cast(person)
        yield from decisions_to_record(person)
    if organisation.may_govern:
        yield from cases_to_convene(person)
        yield from decisions_to_release(person)


@prepared
def _calls(person: Person):
    return Member.objects.filter(person=person).order_by()[:1]


def ballots_to_cast(person):
    """Hearings in which one's ballot is awaited. Where names are hidden, this says none."""
    for hearing in _hearings_to_answer(person):
        yield Task(
            title=_("Vote on a case: %(case)s") % {"case": hearing.title},
            why=_("The other members are waiting for your vote. Nobody reads a vote before all are in."),
            url=hearing.get_absolute_url(),
            action=_("Read and vote"),
            weight=2,
            of_promotions=True,
        )


@prepared
def _hearings_to_answer(person: Person):
    return _hearings(person).allowing(person, "promotions.cast_ballot").order_by("at", "pk")[:READ_OF_A_KIND]


def decisions_to_record(person):
    """Hearings in whose chair one sits, with all ballots open and nothing decided yet."""
    for hearing in _hearings_to_decide(person):
        yield Task(
            title=_("Record the decision: %(case)s") % {"case": hearing.title},
            why=_("All votes are in. Record the decision with your reasons, and feedback for the candidate."),
            url=hearing.get_absolute_url(),
            action=_("Open the hearing"),
            weight=2,
            of_promotions=True,
        )


@prepared
def _hearings_to_decide(person: Person):
    hearings = _hearings(person).allowing(person, "promotions.decide_hearing").filter(chairs=True)
    return hearings.order_by("at", "pk")[:READ_OF_A_KIND]


def cases_to_convene(person):
    """Proposed cases, and appeals, that no committee has before it yet."""
    for case in _cases_to_convene(person):
        appealed = getattr(case, "appeal", None) is not None
        yield Task(
            title=_("Submit to committee: %(case)s") % {"case": case},
            why=_("An appeal, for people who did not hear the case before.")
            if appealed
            else _("Proposed by %(sponsor)s.") % {"sponsor": case.sponsor},
            url=reverse("convening", args=[case.pk]),
            action=_("Choose a panel") if appealed else _("Choose a committee"),
            weight=3,
            of_promotions=True,
        )


@prepared
def _cases_to_convene(person: Person):
    waiting = PromotionCase.objects.allowing(person, "promotions.convene_hearing")
    waiting = waiting.select_related("subject", "to_level", "sponsor", "appeal")
    return waiting.order_by("proposal__at", "pk")[:READ_OF_A_KIND]


def decisions_to_release(person):
    """What is decided and nobody outside knows yet, for HR: one task for all, as they go out together."""
    waiting = Decision.objects.allowing(person, "promotions.release_decision").count()
    if waiting:
        words = ngettext("Release %(n)d decision", "Release %(n)d decisions", waiting)
        yield Task(
            title=words % {"n": waiting},
            why=_("Recorded. Only the members who heard the cases and HR know the outcome."),
            url=reverse("releases"),
            action=_("Review and release"),
            weight=3,
            of_promotions=True,
        )


def _hearings(person):
    return Hearing.objects.with_related().seen_by(person)


def cycles_to_run(person):
    """Cycles to open, and open ones with people who are late."""
    for cycle in _cycles_to_run(person):
        if cycle.state == "preparing":
            why, action = _("In preparation. Nobody has been told yet."), _("Check and open")
        else:
            why = _("A review is shared as soon as both assessments are in.")
            action = _("View progress")
        yield Task(
            title=_("Run the cycle"),
            why=why,
            url=cycle.get_absolute_url(),
            action=action,
            due=cycle.manager_due_at,
            weight=2,
            cycle=cycle,
        )


@prepared
def _cycles_to_run(person: Person):
    cycles = Cycle.objects.allowing(person, "reviews.run_cycle").filter(closing=None)
    return cycles.select_related("opening", "closing", "tally")


def editions_to_publish(person):
    """Draft editions of the ladder."""
    for edition in _draft_editions(person):
        yield Task(
            title=_("Publish %(edition)s") % {"edition": edition},
            why=_("A draft. Nobody can be reviewed on it until it is published, and then it never changes."),
            url=reverse("editions"),
            action=_("Check and publish"),
            weight=2,
        )


@prepared
def _draft_editions(person: Person):
    drafts = Edition.objects.allowing(person, "framework.publish_edition").drafts()
    return drafts.select_related("framework")


def evidence_to_log(person):
    """A word to those on the ladder who have not written anything down for a while."""
    latest = next(iter(_latest_evidence(person)), None)
    if latest and latest.happened_on > today() - QUIET_FOR:
        return
    yield Task(
        title=_("Write down what you did"),
        why=_age(latest),
        url=reverse("evidence_new", args=[person.pk]),
        action=_("Add evidence"),
        weight=6,
    )


@prepared
def _latest_evidence(person: Person):
    return Evidence.objects.not_withdrawn().filter(person=person).order_by("-happened_on", "-pk")[:1]


def _age(latest):
    if latest is None:
        return _("You have no evidence yet. Reviews based on memory see only the last few weeks.")
    weeks = (today() - latest.happened_on).days // 7
    return ngettext(
        "Your last piece of evidence is %(weeks)d week old.",
        "Your last piece of evidence is %(weeks)d weeks old.",
        weeks,
    ) % {"weeks": weeks}


def _progress(assessment):
    return _("%(done)d of %(count)d rated.") % {"done": assessment.answered, "count": assessment.asked}
