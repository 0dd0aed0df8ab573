"""Cycles, for HR: prepare, see who would take part, open, follow, close."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.clock import day_of
from competencies.core.prepared import counting, prepared
from competencies.core.refusals import Refusal, Stale
from competencies.people.models import Organisation, Person
from competencies.reviews.models import Cycle, Review
from competencies.reviews.opening import open_cycle, plan
from ladder.accounts.locked_out import locked_out
from ladder.web.form_fields import add_refusal
from ladder.web.posted_from import posted_from, tell_finished
from ladder.web.request import Request
from ladder.web.views import get_for, query, require

from .forms import ClosingForm, CycleForm
from .states import assessments_by_review, sides_of

PER_PAGE, NAMED = 50, 10
SHOWN = ("all", "late", "unfinished", "moved", "gone")
STATES = {
    "preparing": ("scheduled", gettext_lazy("In preparation")),
    "open": ("open", gettext_lazy("Open")),
    "closed": ("closed", gettext_lazy("Closed")),
}


@require_safe
def cycles(request: Request) -> HttpResponse:
    require(request, "people.run_cycles", Organisation.here())
    rows = Cycle.objects.select_related("opening", "closing", "tally").with_editions()
    rows = rows.order_by("-created_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reviews/cycles.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: Request) -> HttpResponse:
    require(request, "people.run_cycles", Organisation.here())
    form = CycleForm(request.POST) if request.method == "POST" else CycleForm()
    if request.method == "POST" and form.is_valid():
        try:
            cycle = Cycle.prepare(by=request.user, **form.answers())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return redirect(cycle)
    return _form(request, form)


def _opened(person: Person, cycle: Cycle) -> str:
    if cycle.state == "preparing":
        return ""
    return _("This cycle has already been opened, so its details can’t change any more.")


def _closed(person: Person, cycle: Cycle) -> str:
    return _("This cycle is already closed.") if cycle.state == "closed" else ""


@require_http_methods(["GET", "HEAD", "POST"])
@tell_finished(Cycle, "reviews.run_cycle", _opened)
def change(request: Request, pk: int) -> HttpResponse:
    cycle = get_for(Cycle, request, "reviews.open_cycle", pk)
    form = CycleForm(request.POST, cycle=cycle) if request.method == "POST" else CycleForm.of(cycle)
    if request.method == "POST" and form.is_valid():
        try:
            cycle.change(by=request.user, version=form.cleaned_data["version"], **form.answers())
        except Stale:
            cycle.refresh_from_db()
            return _form(request, _over(form, cycle), cycle=cycle, other=CycleForm.of(cycle))
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Cycle saved."))
            return redirect(cycle)
    return _form(request, form, cycle=cycle)


@require_safe
def cycle(request: Request, pk: int) -> HttpResponse:
    """Before opening, who would take part; after it, how far everybody is."""
    cycle = get_for(_cycles(), request, "reviews.run_cycle", pk)
    if cycle.state == "preparing":
        return _planned(request, cycle)
    return _followed(request, cycle)


@posted_from("cycle", Cycle, "reviews.run_cycle", finished=_opened)
def open_(request: Request, pk: int) -> HttpResponse:
    cycle = get_for(Cycle, request, "reviews.open_cycle", pk)
    try:
        outcome = open_cycle(cycle, by=request.user)
    except Refusal as refusal:
        return _planned(request, _cycles().get(pk=pk), refusal=refusal, status=422)
    messages.success(
        request,
        ngettext(
            "Cycle opened with %(count)d review.",
            "Cycle opened with %(count)d reviews.",
            len(outcome.reviews),
        )
        % {"count": len(outcome.reviews)},
    )
    return redirect(cycle)


@require_http_methods(["GET", "HEAD", "POST"])
@tell_finished(Cycle, "reviews.run_cycle", _closed)
def close(request: Request, pk: int) -> HttpResponse:
    """Say what closing leaves behind, and close once the name is typed."""
    cycle = get_for(_cycles(), request, "reviews.close_cycle", pk)
    form = ClosingForm(request.POST if request.method == "POST" else None, cycle=cycle)
    if request.method == "POST" and form.is_valid():
        cycle.close(by=request.user)
        messages.success(request, _("Cycle closed. Nobody can change its assessments any more."))
        return redirect(cycle)
    context = {"cycle": cycle, "form": form, "counts": _counts(cycle), "crumbs": _crumbs(cycle, _("Close"))}
    return render(request, "reviews/closing.html", context, status=422 if form.errors else 200)


def _cycles():
    return Cycle.objects.select_related("opening__by", "closing__by", "tally").with_editions()


def _form(request: Request, form, *, cycle=None, other=None):
    context = {
        "form": form,
        "cycle": cycle,
        "other": other,
        "crumbs": _crumbs(cycle, _("Edit") if cycle else _("New cycle")),
    }
    return render(request, "reviews/cycle_form.html", context, status=422 if form.errors else 200)


def _over(form, cycle):
    """Return the form as it was typed, ready to be saved over what is stored now, with the reason told."""
    data = form.data.copy()
    data["version"] = cycle.version
    again = CycleForm(data, cycle=cycle)
    again.add_error(
        None,
        _(
            "Someone changed this cycle after you opened this page. What you typed is below; what’s saved "
            "now is beside it. Save to replace it with yours."
        ),
    )
    return again


def _planned(request: Request, cycle, *, refusal=None, status=200):
    outcome = plan(cycle)
    unable = _unable_to_sign_in(outcome.reviews)
    context = {
        "unable": unable[:NAMED],
        "unable_count": len(unable),
        "cycle": cycle,
        "state": STATES[cycle.state],
        "page": Paginator(outcome.reviews, PER_PAGE).get_page(request.GET.get("page")),
        "taking_part": len(outcome.reviews),
        "left_out": outcome.left_out,
        "reasons": outcome.reasons,
        "refusal": refusal,
        "crumbs": _crumbs(cycle),
    }
    return render(request, "reviews/cycle_plan.html", context, status=status)


def _unable_to_sign_in(reviews):
    """Return who would take part, or assess someone who does, and cannot sign in yet, by name."""
    concerned = {pk for review in reviews for pk in (review.subject_id, review.manager_id)}
    return [person for person in locked_out().order_by("name", "pk") if person.pk in concerned]


def _followed(request: Request, cycle):
    shown = request.GET.get("show") if request.GET.get("show") in SHOWN else "all"
    counts = _counts(cycle)
    page = _page(_narrowed(cycle, shown), counts[shown], request.GET.get("page"))
    rows = _reviews_of(cycle.pk, [person.pk for person in page])
    assessments = assessments_by_review([review.pk for review in rows], request.user)
    context = {
        "cycle": cycle,
        "state": STATES[cycle.state],
        "counts": counts,
        "page": page,
        "rows": [(review, sides_of(review, assessments[review.pk])) for review in rows],
        "tabs": _tabs(cycle, counts, shown),
        "query": query(request),
        "crumbs": _crumbs(cycle),
    }
    return render(request, "reviews/cycle.html", context)


@prepared
def _reviews_of(cycle: int, people: list[int]):
    rows = Review.objects.filter(cycle=cycle, subject__in=people).with_state().with_present_manager()
    return rows.order_by("subject__name", "subject")


def _page(reviews, count, number):
    """Return a page of the people of `reviews`, by name: names are read off their index, and not sorted."""
    people = Person.objects.filter(Exists(reviews.filter(subject=OuterRef("pk")))).order_by("name", "pk")
    paginator = Paginator(people, PER_PAGE)
    paginator.count = count
    return paginator.get_page(number)


def _narrowed(cycle, shown):
    rows = cycle.reviews.with_state()
    if shown == "moved":
        return rows.moved(day_of(cycle.opening.at))
    kinds = {"late": rows.late, "unfinished": rows.unfinished, "gone": rows.without_reviewer, "all": rows.all}
    return kinds[shown]()


def _counts(cycle):
    """Return how many reviews each tab shows, and the tally of the cycle."""
    tally = cycle.tally
    moved, gone = 0, 0
    if cycle.state == "open":
        moved, gone = _narrowed(cycle, "moved").count(), sum(_without_reviewer(cycle.pk))
    listed = {"all": tally.reviews, "unfinished": tally.unfinished, "late": tally.late}
    listed |= {"moved": moved, "gone": gone}
    return {**listed, "tally": tally}


@prepared
def _without_reviewer(cycle: int):
    return counting(Review.objects.few_of(cycle).with_state().without_reviewer())


def _tabs(cycle, counts, shown):
    labels = {
        "all": _("All"),
        "unfinished": _("Assessment missing"),
        "late": _("Late"),
        "moved": _("New manager"),
        "gone": _("Reviewer left"),
    }
    address = reverse("cycle", args=[cycle.pk])
    return [
        {"label": label, "url": f"{address}?show={key}", "current": key == shown, "count": counts[key]}
        for key, label in labels.items()
    ]


def _crumbs(cycle, label=""):
    crumbs = [{"label": _("Cycles"), "url": reverse("cycles")}]
    if cycle:
        crumbs.append({"label": cycle.name, "url": cycle.get_absolute_url() if label else ""})
    return [*crumbs, {"label": label, "url": ""}] if label else crumbs
