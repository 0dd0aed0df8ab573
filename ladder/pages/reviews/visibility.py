"""Who reads an assessment and when, in words for its author."""

from django.utils.translation import gettext as _

from competencies.reviews.models import Assessment


def who_sees(assessment):
    """Return `{title, text}`: who can see this now, and who will."""
    review = assessment.review
    of_self = assessment.kind == Assessment.Kind.SELF
    other = review.manager if of_self else review.subject
    if assessment.submission is None:
        return {
            "title": _("Only you see this until you submit it."),
            "text": _after_handing_in(review, other),
        }
    if review.is_revealed or not review.cycle.blind:
        return {
            "title": _("Submitted and shared."),
            "text": _("%(subject)s, %(manager)s, the managers above, and HR can read this.")
            % {"subject": review.subject, "manager": review.manager},
        }
    return {
        "title": _("Submitted. %(other)s doesn’t see it yet.") % {"other": other},
        "text": _(
            "%(other)s sees it once both assessments are submitted. "
            "HR and the managers above can read it now."
        )
        % {"other": other},
    }


def _after_handing_in(review, other):
    if review.cycle.blind:
        return _(
            "Then HR and the managers above can read it. %(other)s sees it once both of you have submitted, "
            "and you see theirs at the same moment."
        ) % {"other": other}
    return _(
        "Then %(other)s, HR and the managers above see it straight away: this cycle is not double blind."
    ) % {"other": other}
