"""The answer for one competency: kept as it is typed, and the evidence told beside it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.refusals import Denied, NotNow, Refusal
from competencies.evidence.models import Evidence
from competencies.reviews.comparing import Spread
from competencies.reviews.models import Assessment
from ladder.web.request import Request
from ladder.web.views import get_for, pieces

from .articles import Articles, others_shown, telling
from .assessments import assessments, page
from .forms import PieceForm, RatingForm
from .panels import choice, shown
from .sheet import lay_out, progress, resting


@require_http_methods(["GET", "HEAD", "POST"])
def rating(request: Request, pk: int, competency_pk) -> HttpResponse:
    """Keep an answer, or give the kept one back in place of what was typed."""
    if request.method == "POST":
        return _save(request, pk, competency_pk)
    assessment, competency = _of_author(request, pk, competency_pk)
    if not assessment.may_write:
        raise Http404("nothing here")
    sheet = lay_out(assessment, reader=request.user)
    return _article(request, sheet, sheet.row(competency))


@require_http_methods(["GET", "HEAD", "POST"])
def support(request: Request, pk: int, competency_pk) -> HttpResponse:
    """Open the small form for a piece of evidence; record the piece and let the answer rest on it."""
    assessment, competency = _of_author(request, pk, competency_pk)
    if not assessment.may_write:
        raise Http404("nothing here")
    if request.method != "POST":
        return _telling(request, assessment, competency)
    form = PieceForm.beside(competency, request.POST)
    piece = form.is_valid() and _log(form, assessment, competency, by=request.user)
    if not request.htmx:
        return _supported_plainly(request, assessment, competency, form, piece)
    if not piece:
        context = telling(assessment, competency, form=form)
        return render(request, "reviews/_telling.html", context, status=422)
    response = HttpResponse(
        pieces(
            request,
            ("reviews/_telling.html", telling(assessment, competency, recorded=True)),
            ("reviews/_told.html", {"competency": competency, "piece": choice(piece, ticked=True)}),
        )
    )
    response.headers["HX-Trigger-After-Settle"] = f"told-{competency.pk}"
    return response


@require_safe
def other_evidence(request: Request, pk: int, competency_pk) -> HttpResponse:
    """Show the pieces to choose from that are not tagged with the competency."""
    assessment, competency = _of_author(request, pk, competency_pk)
    if not assessment.may_write:
        raise Http404("nothing here")
    sheet = lay_out(assessment, reader=request.user)
    row = sheet.row(competency)
    row.rest_shown = True
    if request.htmx:
        return HttpResponse(others_shown(row))
    return page(request, assessment, sheet)


def _of_author(request: Request, pk, competency_pk):
    """Return the visitor's own assessment and one competency of its edition."""
    assessment = _mine(request, pk)
    return assessment, get_object_or_404(assessment.competencies(), pk=competency_pk)


def _mine(request: Request, pk):
    """Return the visitor's own assessment with all that its page shows."""
    mine = assessments(request.user).filter(author=request.user)
    return get_for(mine, request, "reviews.read_assessment", pk)


def _save(request: Request, pk, competency_pk):
    """Keep what was typed, with as few queries as that takes: it happens at every pause of the writer."""
    mine = Assessment.objects.filter(author=request.user).select_related("review__level")
    assessment = get_for(mine, request, "reviews.read_assessment", pk, noting=False)
    competencies = list(assessment.competencies())
    competency = next((one for one in competencies if one.pk == competency_pk), None)
    if competency is None:
        raise Http404("nothing here")
    form = RatingForm(request.POST, assessment=assessment, by=request.user)
    if not form.is_valid():
        faults = " ".join(str(fault) for faults in form.errors.values() for fault in faults)
        return _refused(request, pk, competency, form, Refusal(faults))
    if _asks(request, "merge"):
        return _merged(request, pk, competency, form)
    try:
        rating = assessment.rate(competency, by=request.user, **form.answer(over=_asks(request, "over")))
    except Denied:
        over = NotNow(
            _("Not saved: this assessment is submitted, or its cycle is closed. Copy what you still need.")
        )
        return _refused(request, pk, competency, form, over)
    except Refusal as refusal:
        return _refused(request, pk, competency, form, refusal)
    if not request.htmx:
        return redirect(place(assessment, competency))
    return _saved(request, assessment, competency, rating, form.cleaned_data["evidence"], competencies)


def _saved(request: Request, assessment, competency, rating, evidence, competencies):
    context = {"assessment": assessment, "competency": competency, "swap": True}
    words, point = shown(rating.point)
    rated = assessment.rated()
    left = progress(len(competencies), [one for one in competencies if one.pk not in rated])
    return _parts(
        request,
        ("reviews/_answer.html", {**context, "version": rating.version, "refused": ""}),
        ("reviews/_rated.html", {**context, "words": words, "rating": point}),
        ("reviews/_resting.html", {**context, "resting": resting(Spread.of(evidence))}),
        ("reviews/_progress.html", {**context, "progress": left}),
    )


def _refused(request: Request, pk, competency, form, refusal):
    """Say why nothing was kept, beside the text, which stays where it was typed.

    A conflict that is already on the page stays as it is, so that its buttons do not move away
    under the pointer; only the text that was typed since is brought up to date in it.
    """
    assessment = _mine(request, pk)
    sheet = lay_out(assessment, reader=request.user)
    row = sheet.row(competency)
    row.typed, row.refusal = _typed(form), refusal
    if not request.htmx:
        return page(request, assessment, sheet, status=422)
    context = {"competency": competency, "row": row}
    state, words = row.mark
    mark = ("reviews/_mark.html", {**context, "mark": state, "marked": words, "swap": True})
    if form.cleaned_data.get("known") == row.kept["version"]:
        mine = ("reviews/_mine.html", {**context, "points": sheet.points, "swap": True})
        response = _parts(request, mine, mark, status=422)
        response.headers["HX-Reswap"] = "none"
        return response
    refused = Articles(request, sheet).refused(row)
    answer = ("reviews/_answer.html", {**context, "version": row.typed["version"], "refused": refused})
    return _parts(request, answer, mark, status=422)


def _merged(request: Request, pk, competency, form):
    """Put both texts into the box, for the writer to make one of them. Keeps nothing yet."""
    sheet = lay_out(_mine(request, pk), reader=request.user)
    row = sheet.row(competency)
    mine = _typed(form)
    row.typed = {
        "point": mine["point"] or row.kept["point"],
        "comment": "\n\n".join(filter(None, (mine["comment"], row.kept["comment"]))),
        "evidence": mine["evidence"] | row.kept["evidence"],
        "version": row.kept["version"],
    }
    return _article(request, sheet, row)


def _article(request: Request, sheet, row):
    if not request.htmx:
        return (
            page(request, sheet.assessment, sheet)
            if row.typed
            else redirect(place(sheet.assessment, row.competency))
        )
    response = HttpResponse(Articles(request, sheet).of(row, again=True))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _asks(request: Request, name):
    """Say whether the button `name` was pressed. Of htmx it is the trigger that counts: while a button merely
    has the focus, htmx sends its value along with every save."""
    return name in request.POST and (not request.htmx or request.htmx.trigger_name == name)


def _typed(form):
    """Return what was sent, as far as it could be read, in the shape of `Row.shown`."""
    values = form.cleaned_data
    return {
        "point": values["point"].pk if values.get("point") else None,
        "comment": form.data.get("comment", "").replace("\r\n", "\n"),
        "evidence": {piece.pk for piece in values.get("evidence") or ()},
        "version": values.get("version", 0),
    }


def _log(form, assessment, competency, *, by):
    """Record the evidence; return it, or None with the refusal told beside the date."""
    try:
        return Evidence.log(assessment.review.subject, by=by, competencies=[competency], **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("happened_on", str(refusal))
        return None


def _telling(request: Request, assessment, competency):
    """Answer with the form in its place, or with the whole page around it."""
    form = PieceForm.beside(competency)
    if request.htmx:
        return render(request, "reviews/_telling.html", telling(assessment, competency, form=form))
    sheet = lay_out(assessment, reader=request.user)
    sheet.row(competency).telling = form
    return page(request, assessment, sheet)


def _supported_plainly(request: Request, assessment, competency, form, piece):
    if piece:
        assessment.support(competency, piece, by=request.user)
        return redirect(place(assessment, competency))
    sheet = lay_out(assessment, reader=request.user)
    sheet.row(competency).telling = form
    return page(request, assessment, sheet, status=422)


def _parts(request: Request, *parts, status=200):
    response = HttpResponse(pieces(request, *parts), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def place(assessment, competency):
    """Return the address of one competency on the page of its assessment."""
    return f"{assessment.get_absolute_url()}#rating-{competency.pk}"
