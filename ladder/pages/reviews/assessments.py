"""One assessment: the sheet its author fills in, what others may read of it, and handing it in."""

from operator import attrgetter

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.prepared import prepared
from competencies.core.refusals import Refusal
from competencies.people.models import Person
from competencies.reviews.models import Assessment, Review, Unrated
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for

from .articles import Articles
from .forms import ReasonForm
from .sheet import lay_out
from .visibility import who_sees


@require_safe
def assessment(request: Request, pk: int) -> HttpResponse:
    assessment = get_for(_assessment, request, "reviews.read_assessment", pk)
    return page(request, assessment, lay_out(assessment, reader=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: Request, pk: int) -> HttpResponse:
    """Look an assessment over, and hand it in."""
    mine = assessments(request.user).filter(author=request.user)
    assessment = get_for(mine, request, "reviews.read_assessment", pk)
    if assessment.submission:
        return _handed_in_before(request, assessment)
    if not assessment.may_write:
        raise Http404("nothing here")
    if request.method != "POST":
        return _looked_over(request, assessment)
    try:
        assessment.submit(by=request.user)
    except Unrated as refusal:
        return _looked_over(request, assessment, refusal=refusal, status=422)
    return _handed_in(request, assessment)


@posted_from("assessment", Assessment, "reviews.read_assessment")
def reopen(request: Request, pk: int) -> HttpResponse:
    """Give an assessment back to its author."""
    assessment = get_for(assessments(request.user), request, "reviews.reopen_assessment", pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            assessment.reopen(by=request.user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(
                request, _("Reopened: %(author)s can change it again.") % {"author": assessment.author}
            )
            return redirect(assessment.review.cycle)
    sheet = lay_out(assessment, reader=request.user)
    return page(request, assessment, sheet, status=422, reason=form)


def assessments(person):
    """Return assessments with what their page shows, and what `person` may do with each."""
    return (
        Assessment.objects.select_related(
            "author",
            "review__cycle__opening",
            "review__cycle__closing",
            "review__subject",
            "review__manager",
            "review__track",
            "review__held_level",
            "review__reveal",
            "review__level__edition__scale",
            "review__level__edition__framework",
        )
        .prefetch_related("submissions__reopening__by")
        .marking(person, may_write="reviews.write_assessment", may_reopen="reviews.reopen_assessment")
    )


@prepared
def _assessment(person: Person, pk: int):
    return assessments(person).filter(pk=pk)


def page(request: Request, assessment, sheet, *, status=200, reason=None):
    """Answer with the sheet to fill in, or with what was handed in for those who may only read."""
    context = {
        "assessment": assessment,
        "review": assessment.review,
        "sheet": sheet,
        "articles": Articles(request, sheet),
        "who_sees": who_sees(assessment),
        "given_back": _given_back(assessment),
        "aimed_since": _aimed_since(assessment),
        "reason": reason or ReasonForm(),
        "mine": assessment.author_id == request.user.pk,
        "crumbs": _crumbs(assessment),
    }
    template = "reviews/assessment.html" if assessment.may_write else "reviews/reading.html"
    return render(request, template, context, status=status)


def _looked_over(request: Request, assessment, *, refusal=None, status=200):
    sheet = lay_out(assessment, reader=request.user)
    context = {
        "assessment": assessment,
        "review": assessment.review,
        "sheet": sheet,
        "left": sheet.left,
        "comment_label": sheet.comment_label,
        "refusal": refusal,
        "who_sees": who_sees(assessment),
        "crumbs": _crumbs(assessment, handing_in=True),
    }
    return render(request, "reviews/handing_in.html", context, status=status)


def _handed_in(request: Request, assessment):
    review = Review.objects.select_related("reveal").get(pk=assessment.review_id)
    if review.is_revealed:
        messages.success(
            request, _("Submitted. Both assessments are now shared: here they are side by side.")
        )
        return redirect(review)
    messages.success(
        request, _("Submitted. You can’t change it now, unless HR reopens it. This is what you wrote.")
    )
    return redirect(assessment)


def _handed_in_before(request: Request, assessment):
    if request.method != "POST":
        messages.info(request, _("You have already submitted this assessment. This is what you wrote."))
        return redirect(assessment)
    messages.info(request, _("You’ve already submitted this assessment. Nothing was changed."))
    return page(request, assessment, lay_out(assessment, reader=request.user), status=422)


def _aimed_since(assessment):
    """Return when the target level changed under answers that were begun before, or None."""
    at, begun = assessment.review.aimed_at, assessment.started_at
    return at if at and begun and at > begun else None


def _given_back(assessment):
    """Return the latest reopening while the assessment is with its author again, or None."""
    if assessment.submission:
        return None
    rounds = sorted(assessment.submissions.all(), key=attrgetter("round"))
    earlier = [row.reopening for row in rounds if hasattr(row, "reopening")]
    return earlier[-1] if earlier else None


def _crumbs(assessment, *, handing_in=False):
    review = assessment.review
    crumbs = [
        {"label": _("Reviews"), "url": reverse("reviews")},
        {"label": str(review), "url": review.get_absolute_url()},
        {"label": assessment.get_kind_display(), "url": assessment.get_absolute_url() if handing_in else ""},
    ]
    return [*crumbs, {"label": _("Review and submit"), "url": ""}] if handing_in else crumbs
