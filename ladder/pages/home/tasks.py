"""What a person has to do now, gathered from every part of the product, most pressing first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
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
from competencies.reviews.models import Assessment, Cycle, Review

SHOWN_OF_A_KIND = 8
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

    @property
    def urgent(self):
        return self.due is not None and self.due < now() + timedelta(days=3)

    @property
    def late(self):
        return self.due is not None and self.due < now()


def tasks_of(person):
    """Return the `Task`s of `person`. The number of queries does not depend on how many there are."""
    found = [
        *letters_that_came_back(person),
        *own_review(person),
        *assessments_to_write(person),
        *talks_and_signatures(person),
        *cases_to_finish(person),
        *endorsements_to_write(person),
        *hearings_to_bring_on(person),
        *cycles_to_run(person),
        *editions_to_publish(person),
        *evidence_to_log(person),
    ]
    return sorted(found, key=lambda task: (task.weight, task.due or now() + timedelta(days=3650), task.title))


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
    return latest.order_by("-failed_at", "-pk")[:SHOWN_OF_A_KIND]


def own_review(person):
    """One's self-assessment, while it is not handed in."""
    for assessment in _own_assessments(person):
        yield Task(
            title=_("Assess yourself: %(cycle)s") % {"cycle": assessment.review.cycle},
            why=_progress(assessment) + " " + _("Only you see it until you submit it."),
            url=assessment.get_absolute_url(),
            action=_("Continue") if getattr(assessment, "answered", 0) else _("Begin"),
            due=assessment.due_at,
            weight=1,
        )


@prepared
def _own_assessments(person: Person):
    mine = _assessments(person).filter(kind=Assessment.Kind.SELF)
    return mine.select_related("review__cycle", "review__level__edition")


def _assessments(person):
    """What `person` has to write, with how far each has come."""
    return Assessment.objects.allowing(person, "reviews.write_assessment").annotate(
        answered=Count("ratings", filter=Q(ratings__point__isnull=False), distinct=True),
        asked=Count("review__level__edition__competency", distinct=True),
    )


def assessments_to_write(person):
    """The assessments of one's reports that are not handed in, and how far each has come."""
    for assessment in _assessments_of_reports(person):
        yield Task(
            title=_("Assess %(person)s") % {"person": assessment.review.subject},
            why=_progress(assessment)
            + " "
            + _("Assessed at %(level)s level in %(cycle)s.")
            % {"level": assessment.review.level, "cycle": assessment.review.cycle},
            url=assessment.get_absolute_url(),
            action=_("Continue") if getattr(assessment, "answered", 0) else _("Begin"),
            due=assessment.due_at,
            weight=2,
        )


@prepared
def _assessments_of_reports(person: Person):
    theirs = _assessments(person).filter(kind=Assessment.Kind.MANAGER)
    theirs = theirs.select_related("review__cycle", "review__subject", "review__level__edition")
    return theirs.order_by("review__cycle__manager_due_at", "review__subject__name", "pk")[:SHOWN_OF_A_KIND]


def talks_and_signatures(person):
    """Revealed reviews to talk about, and discussed ones to sign."""
    for review in _reviews_to_end(person):
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
        else:
            title = _("Discuss with %(person)s") % {"person": review.subject}
            why, action = _("Both assessments are in. Compare them side by side first."), _("Compare")
        yield Task(title=title, why=why, url=review.get_absolute_url(), action=action, weight=3)


@prepared
def _reviews_to_end(person: Person):
    return (
        Review.objects.allowing(person, "reviews.compare_review")
        .marking(person, may_discuss="reviews.discuss_review", may_sign="reviews.sign_review")
        .filter(Q(may_discuss=True) | Q(may_sign=True))
        .filter(Q(subject=person) | Q(subject__in=person.reports().values("pk")))  # few, and by an index
        .select_related("subject", "cycle", "reveal")
        .order_by("reveal__at", "pk")[:SHOWN_OF_A_KIND]
    )


def cases_to_finish(person):
    """Promotion cases in preparation."""
    for case in _drafts(person):
        yield Task(
            title=_prepared(case, person),
            why=_drafted(case, person),
            url=case.get_absolute_url(),
            action=_("Open the case"),
            weight=4,
        )


@prepared
def _drafts(person: Person):
    drafts = PromotionCase.objects.allowing(person, "promotions.write_case")
    return drafts.select_related("subject", "to_level", "sponsor", "sharing")[:SHOWN_OF_A_KIND]


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
        )


@prepared
def _requests(person: Person):
    asked = EndorsementRequest.objects.allowing(person, "promotions.answer_request").with_case()
    return asked.order_by("expires_at", "pk")[:SHOWN_OF_A_KIND]


def hearings_to_bring_on(person):
    """What committees wait for. Most people have nothing to do with one, and their rules cost most to ask."""
    if _calls(person):
        yield from ballots_to_cast(person)
        yield from decisions_to_record(person)
    if "hr" in person.roles:
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
        )


@prepared
def _hearings_to_answer(person: Person):
    return _hearings(person).allowing(person, "promotions.cast_ballot").order_by("at", "pk")[:SHOWN_OF_A_KIND]


def decisions_to_record(person):
    """Hearings in whose chair one sits, with all ballots open and nothing decided yet."""
    for hearing in _hearings_to_decide(person):
        yield Task(
            title=_("Record the decision: %(case)s") % {"case": hearing.title},
            why=_("All votes are in. Record the decision with your reasons, and feedback for the candidate."),
            url=hearing.get_absolute_url(),
            action=_("Open the hearing"),
            weight=2,
        )


@prepared
def _hearings_to_decide(person: Person):
    hearings = _hearings(person).allowing(person, "promotions.decide_hearing").filter(chairs=True)
    return hearings.order_by("at", "pk")[:SHOWN_OF_A_KIND]


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
        )


@prepared
def _cases_to_convene(person: Person):
    waiting = PromotionCase.objects.allowing(person, "promotions.convene_hearing")
    waiting = waiting.select_related("subject", "to_level", "sponsor", "appeal")
    return waiting.order_by("proposal__at", "pk")[:SHOWN_OF_A_KIND]


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
        )


def _hearings(person):
    return Hearing.objects.with_related().seen_by(person)


def cycles_to_run(person):
    """Cycles to open, and open ones with people who are late."""
    for cycle in _cycles_to_run(person):
        if cycle.state == "preparing":
            why, action = _("In preparation. Nobody has been told yet."), _("Check and open")
        else:
            why = ngettext(
                "%(done)d of %(count)d review is shared.",
                "%(done)d of %(count)d reviews are shared.",
                cycle.tally.reviews,
            ) % {"done": cycle.tally.revealed, "count": cycle.tally.reviews}
            action = _("View progress")
        yield Task(
            title=_("Run %(cycle)s") % {"cycle": cycle},
            why=why,
            url=cycle.get_absolute_url(),
            action=action,
            due=cycle.manager_due_at,
            weight=2,
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
    if person.placement_on() is None:
        return
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
