"""Publishing an edition and retiring it: asked once more, then done for good."""

from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.access.refusal import NotNow
from competencies.framework.models import Edition
from ladder.web import answer, find

PAGE, FRAGMENT = "framework/publication.html", "framework/_publication.html"
ASKED = ("GET", "HEAD", "POST")


@require_http_methods(ASKED)
def publication(request, pk):
    return _decide(request, pk, "publish", _("%(edition)s is published and in force."))


@require_http_methods(ASKED)
def retirement(request, pk):
    return _decide(request, pk, "retire", _("%(edition)s is retired."))


def _decide(request, pk, transition, done):
    """Show what `transition` will do; do it on POST, and say why when it cannot be done."""
    edition = find(Edition.objects.with_standing(), request, "framework.publish_edition", pk)
    context = {"edition": edition, "transition": transition, "in_force": Edition.objects.in_force()}
    if request.method != "POST":
        return answer(request, PAGE, context | {"holds": _holds(edition, context["in_force"])})
    try:
        getattr(edition, transition)(by=request.user)
    except NotNow as refusal:
        return answer(request, PAGE, context | {"refusal": refusal}, fragment=FRAGMENT, status=422)
    messages.success(request, done % {"edition": edition})
    return answer(request, PAGE, context, fragment="framework/_published.html", done=("editions",))


def _holds(edition, other):
    """Return `[(what, how many in edition, how many in other)]`, other None when nothing is in force."""
    pks = [row.pk for row in (edition, other) if row]
    sizes = Edition.objects.with_sizes().in_bulk(pks)
    mine, theirs = sizes[edition.pk], sizes.get(other and other.pk)
    names = {
        "levels": _("Levels"),
        "tracks": _("Tracks"),
        "competencies": _("Competencies"),
        "behaviours": _("Behaviours"),
        "skills": _("Skills"),
    }
    return [(title, getattr(mine, name), getattr(theirs, name, None)) for name, title in names.items()]
