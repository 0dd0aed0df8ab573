from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from competencies.reviews.comparing import Spread, by_month
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import cases_for, competencies_of, crumbs, evidence_of
from .forms import Exhibition

PAGE = "promotions/evidence.html"


@dataclass
class Shelf:
    """The evidence that speaks first of all for one competency, and the chosen that speaks for it at all."""

    competency: object
    pieces: list = field(default_factory=list)
    chosen: list = field(default_factory=list)

    @property
    def spread(self):
        return Spread.of(self.chosen)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_evidence(request: Request, pk: int) -> HttpResponse:
    """Which pieces of the candidate's evidence the case shows."""
    case = get_for(cases_for, request, "promotions.write_case", pk)
    pieces = list(evidence_of(case, request.user))
    form = Exhibition(request.POST or None, evidence=evidence_of(case, request.user))
    if request.method != "POST":
        return respond(request, PAGE, _context(case, pieces, _shown(case)))
    if not form.is_valid():
        return respond(request, PAGE, _context(case, pieces, _shown(case), form=form), status=422)

    chosen = {piece.pk for piece in form.cleaned_data["evidence"]}
    if "stories" in request.POST:
        chosen |= set(_shown(case)) | set(case.stories.values_list("evidence", flat=True))
    try:
        case.choose([piece for piece in pieces if piece.pk in chosen], by=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return respond(request, PAGE, _context(case, pieces, chosen, form=form), status=422)

    words = ngettext(
        "The case now has %(n)d piece of evidence.", "The case now has %(n)d pieces of evidence.", len(chosen)
    )
    messages.success(request, words % {"n": len(chosen)})
    return redirect(f"{case.get_absolute_url()}#evidence")


def _shown(case):
    return set(case.exhibits.values_list("evidence", flat=True))


def _context(case, pieces, chosen, *, form=None):
    kept = [piece for piece in pieces if piece.pk in chosen]
    shelves = _shelves(case, pieces, chosen)
    return {
        "case": case,
        "form": form,
        "shelves": shelves,
        "chosen": chosen,
        "total": len(pieces),
        "months": by_month(kept),
        "spread": Spread.of(kept),
        "crumbs": crumbs(case, {"label": _("Evidence")}),
    }


def _shelves(case, pieces, chosen):
    """Put each piece under the first competency it speaks for, and count it for every one."""
    shelves = {row.lineage: Shelf(row) for row in competencies_of(case).select_related("area", "edition")}
    order = {key: place for place, key in enumerate(shelves)}
    for piece in pieces:
        keys = sorted(_spoken_for(piece) & order.keys(), key=order.__getitem__)
        for key in keys[:1]:
            shelves[key].pieces.append(piece)
        for key in keys if piece.pk in chosen else ():
            shelves[key].chosen.append(piece)
    homeless = [piece for piece in pieces if not order.keys() & _spoken_for(piece)]
    return [*shelves.values(), *([Shelf(None, homeless)] if homeless else [])]


def _spoken_for(piece):
    return {row.lineage for row in piece.competencies.all()}
