"""Reviews: one's own, those of one's people, and a single one before and after the reveal."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.prepared import prepared
from competencies.core.refusals import NotNow, Refusal
from competencies.people.models import Person
from competencies.reviews.comparing import compare
from competencies.reviews.models import Discussion, Review
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, require

from .comparison import lay_side_by_side
from .forms import AimForm
from .states import assessments_by_review, state_for, states_of

PER_PAGE = 25
OWN_SHOWN = 12


@require_safe
def reviews(request: Request) -> HttpResponse:
    """One's own reviews, then a page of those of the people below."""
    me = request.user
    theirs, tabs = _of_others(request)
    shown = Paginator(theirs.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    own, others = _own(me), list(shown)
    states = states_of([*own, *others], me)
    context = {
        "own": [states[key] for key in own],
        "page": shown,
        "others": [states[key] for key in others],
        "tabs": tabs,
        "further": "further" in request.GET,
    }
    return render(request, "reviews/reviews.html", context)


@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    """Where a review stands; after the reveal, both sides of it next to each other."""
    review = get_for(_review, request, "reviews.read_review", pk)
    if review.is_revealed:
        return _compared(request, review)
    return _awaited(request, review)


@posted_from("review", Review, "reviews.read_review")
def aim(request: Request, pk: int) -> HttpResponse:
    """Read this person against another level."""
    review = get_for(_review, request, "reviews.read_review", pk)
    if review.manager_id != request.user.pk:
        require(request, "reviews.aim_review", review)
    form = AimForm(request.POST, review=review)
    if form.is_valid():
        try:
            review.aim(form.cleaned_data["level"], by=request.user)
        except Refusal as refusal:
            form.add_error("level", str(_begun() if refusal.code == "denied" else refusal))
        else:
            messages.success(
                request, _("The target level is now %(level)s.") % {"level": form.cleaned_data["level"]}
            )
            return redirect(review)
    return _awaited(request, review, form=form, status=422)


def _discussed(person: Person, review: Review) -> str:
    found = Discussion.objects.filter(review=review, by=person).exists()
    return _("You have already marked this review as discussed.") if found else ""


@posted_from("review", Review, "reviews.read_review", finished=_discussed)
def discuss(request: Request, pk: int) -> HttpResponse:
    """Say that the two have talked about it."""
    review = get_for(Review, request, "reviews.discuss_review", pk)
    review.discuss(by=request.user)
    messages.success(request, _("Marked as discussed. Both of you can sign off now."))
    return redirect(review)


def _signed(person: Person, review: Review) -> str:
    found = review.signoffs.filter(by=person).exists()
    return _("You have already signed off this review.") if found else ""


@posted_from("review", Review, "reviews.read_review", finished=_signed)
def sign(request: Request, pk: int) -> HttpResponse:
    """Say that one has read the result."""
    review = get_for(Review, request, "reviews.sign_review", pk)
    review.sign(by=request.user)
    messages.success(
        request, _("Signed off. It means you have read and discussed this review, not that you agree.")
    )
    return redirect(review)


@posted_from("cycle", Review, "reviews.hand_over_review", key="cycle_id")
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Give a review to the manager of today."""
    review = get_for(
        Review.objects.select_related("cycle", "subject"), request, "reviews.hand_over_review", pk
    )
    manager = review.subject.manager_on()
    try:
        if manager is None:
            raise NotNow(
                _("%(person)s has no manager today. Assign one, then hand the review over.")
                % {"person": review.subject}
            )
        review.hand_over(manager, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("%(manager)s now reviews %(person)s.") % {"person": review.subject, "manager": manager},
        )
    return redirect(review.cycle)


@prepared
def _own(person: Person):
    return Review.objects.filter(subject=person).values_list("pk", flat=True)[:OWN_SHOWN]


def _begun():
    return NotNow(_("Someone has begun, so the target level can’t change any more."))


def _of_others(request: Request):
    """Return the reviews of one's people that the visitor asks for, and the tabs to choose between."""
    me = request.user
    readable = Review.objects.allowing(me, "reviews.read_review")
    reports = readable.filter(subject__in=me.reports())
    further = readable.filter(subject__in=me.below()).exclude(subject__in=me.reports())
    here, chosen = reverse("reviews"), "further" in request.GET
    tabs = [
        {"label": _("Your reports"), "url": here, "current": not chosen, "count": reports.count()},
        {"label": _("Indirect reports"), "url": f"{here}?further", "current": chosen},
    ]
    return (further if chosen else reports), tabs


@prepared
def _review(reader: Person, pk: int):
    """Return the review with what its page shows, and what `reader` may do with it."""
    rows = Review.objects.filter(pk=pk).with_state()
    return rows.select_related("held_level", "level__edition__scale", "level__edition__framework").marking(
        reader,
        may_aim="reviews.aim_review",
        may_discuss="reviews.discuss_review",
        may_sign="reviews.sign_review",
    )


def _standing(request: Request, review):
    return state_for(review, request.user, assessments_by_review([review.pk], request.user)[review.pk])


def _awaited(request: Request, review, *, form=None, status=200):
    context = {
        "review": review,
        "standing": _standing(request, review),
        "form": form or (AimForm(review=review) if review.may_aim else None),
        "crumbs": _crumbs(review),
    }
    return render(request, "reviews/awaited.html", context, status=status)


def _compared(request: Request, review):
    require(request, "reviews.compare_review", review)
    context = {
        "review": review,
        "standing": _standing(request, review),
        "crumbs": _crumbs(review),
        **lay_side_by_side(compare(review)),
    }
    return render(request, "reviews/comparison.html", context)


def _crumbs(review):
    return [{"label": _("Reviews"), "url": reverse("reviews")}, {"label": str(review), "url": ""}]
