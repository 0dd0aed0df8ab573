"""Reviews: one's own, those of one's people, and a single one before and after the reveal."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from competencies.core.prepared import prepared
from competencies.core.refusals import NotNow, Refusal
from competencies.people.models import Person
from competencies.reviews.comparing import compare
from competencies.reviews.manager_progress import managers_reviewed, progress_of
from competencies.reviews.models import Assessment, Discussion, Rating, Review
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.scope import Scopes, scopes_for
from ladder.web.views import get_for, onward, organisation_of, query, require, respond

from .comparison import lay_side_by_side
from .forms import AimForm
from .review_list import PER_PAGE, SHOWN, ReviewList, chosen, cycles_of, list_around, shown_in
from .states import assessments_by_review, state_for, states_of

OWN_SHOWN = 12


@require_safe
def reviews(request: Request) -> HttpResponse:
    """One's own reviews, then a page of those of the people in a scope, or how far each manager's are."""
    me = request.user
    scopes = scopes_for(request, everyone=organisation_of(request).may_run_cycles)
    others = _of_others(request, scopes) if scopes.offered else {}
    own, listed = _own(me), list(others.get("page", ()))
    states = states_of([*own, *listed], me)
    context = {
        "own": [states[key] for key in own],
        "others": [states[key] for key in listed],
        "offered": scopes.offered,
        **others,
    }
    return render(request, "reviews/reviews.html", context)


@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    """Where a review stands; after the reveal, both sides of it next to each other."""
    review = get_for(_review, request, "reviews.read_review", pk)
    if review.is_revealed:
        return _compared(request, review)
    return _awaited(request, review)


@require_safe
def manager_rating(request: Request, pk: int, competency_pk: int) -> HttpResponse:
    """The manager's rating of one competency with its comment; without htmx, where the comparison has it."""
    review = get_for(_review, request, "reviews.compare_review", pk)
    rating = next(iter(_manager_ratings(pk, competency_pk)), None)
    if rating is None:
        raise Http404("nothing here")
    address = f"{review.get_absolute_url()}#compare-{competency_pk}"
    context = {"review": review, "rating": rating, "address": address}
    fragment = "reviews/_manager_rating.html"
    response = respond(request, fragment, context, fragment=fragment, done=address)
    return push_url(response, False)  # the address stays that of the page, boosted links or not


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
    return redirect(onward(request, otherwise=review.get_absolute_url()))


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
    return redirect(onward(request, otherwise=review.get_absolute_url()))


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
def _manager_ratings(review: int, competency: int):
    """The rating of a competency in the manager's assessment of a review, where that is submitted."""
    submitted = Assessment.objects.submitted().filter(review=review, kind=Assessment.Kind.MANAGER)
    rows = Rating.objects.filter(assessment__in=submitted.values("pk"), competency=competency)
    return rows.select_related("competency", "point")


@prepared
def _own(person: Person):
    return Review.objects.filter(subject=person).values_list("pk", flat=True)[:OWN_SHOWN]


def _begun():
    return NotNow(_("The target level can’t change once you have begun or an assessment is submitted."))


def _of_others(request: Request, scopes: Scopes):
    """Return what the list of other people's reviews shows, as its address asks."""
    scope, shown = scopes.shown, shown_in(request)
    cycles = cycles_of(scopes.widest() if scope.is_overview else scope)
    cycle = chosen(cycles, request.GET.get("cycle"))
    kept = {name: value for name in ("cycle", "show") if (value := request.GET.get(name))}
    context = {
        "scope": scope,
        "tabs": scopes.tabs(reverse("reviews"), **kept),
        "cycles": cycles,
        "cycle": cycle,
        "shown": shown,
        "choices": SHOWN.items(),
        "query": query(request),
    }
    if cycle is None:
        return context
    if scope.is_overview:
        return context | _by_manager(request, scopes, cycle)
    listed = ReviewList(scope, cycle, shown)
    counts = listed.counts()
    page = listed.page(request.GET.get("page"), counts)
    return context | {"page": page, "counts": counts, "list_query": listed.query}


def _by_manager(request: Request, scopes: Scopes, cycle):
    managers = managers_reviewed(scopes.managers(), cycle)
    page = Paginator(managers, PER_PAGE).get_page(request.GET.get("page"))
    progress = progress_of(list(page), cycle, reader=request.user)
    return {"managers": page, "progress": progress, "any_late": any(row.late for row in progress)}


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
        **_within_list(request, review),
    }
    return render(request, "reviews/awaited.html", context, status=status)


def _compared(request: Request, review):
    require(request, "reviews.compare_review", review)
    context = {
        "review": review,
        "standing": _standing(request, review),
        **_within_list(request, review),
        **lay_side_by_side(compare(review)),
    }
    return render(request, "reviews/comparison.html", context)


def _within_list(request: Request, review):
    """Return the way back to the list that a review was opened from, and the reviews beside it there."""
    listed, way = list_around(request, review), reverse("reviews")
    if listed is None:
        return {"crumbs": _crumbs(review, way)}
    before, after = listed.neighbours(review)
    return {
        "crumbs": _crumbs(review, f"{way}?{listed.query}&cycle={review.cycle_id}"),
        "list_title": listed.scope.title,
        "list_query": listed.query,
        "before": before,
        "after": after,
    }


def _crumbs(review, way):
    return [{"label": _("Reviews"), "url": way}, {"label": str(review), "url": ""}]
