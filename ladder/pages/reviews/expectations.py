"""What a role asks in one competency, as it opens beside a rating, or as a page of its own."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.framework.models import Competency, Level, Track
from competencies.reviews.yardstick import asked_at
from ladder.web.request import Request
from ladder.web.views import get_for, respond


@require_safe
def expectation(request: Request, track_pk: int, level_pk: int, competency_pk: int) -> HttpResponse:
    competency = get_for(Competency, request, "framework.read_competency", competency_pk)
    track = get_object_or_404(Track, pk=track_pk, edition=competency.edition_id)
    level = get_object_or_404(Level, pk=level_pk, edition=competency.edition_id)
    ask = asked_at(level, track, competency)
    if ask is None:
        raise Http404("nothing here")
    context = {
        "competency": competency,
        "track": track,
        "level": level,
        "ask": ask,
        "sources": True,
        "crumbs": [
            {"label": competency.title, "url": f"{competency.get_absolute_url()}?track={track.key}"},
            {"label": _("Expectations at %(level)s") % {"level": level.title}},
        ],
    }
    return respond(request, "reviews/expectation.html", context, fragment="reviews/_ask.html")
