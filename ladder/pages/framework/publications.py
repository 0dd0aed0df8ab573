"""Publishing an edition and retiring it: asked once more, then done for good."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import NotNow
from competencies.framework.in_force import InForce
from competencies.framework.models import Edition
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .concerned import concerned

PAGE, FRAGMENT = "framework/publication.html", "framework/_publication.html"
ASKED = ("GET", "HEAD", "POST")


@require_http_methods(ASKED)
def publication(request: Request, pk: int) -> HttpResponse:
    return _decide(request, pk, "publish")


@require_http_methods(ASKED)
def retirement(request: Request, pk: int) -> HttpResponse:
    return _decide(request, pk, "retire")


def _decide(request: Request, pk, transition):
    """Show what `transition` will do; do it on POST, and say why when it cannot be done."""
    edition = get_for(Edition.objects.with_standing(), request, "framework.publish_edition", pk)
    in_force = InForce().of_framework(edition.framework_id)
    context = {
        "edition": edition,
        "transition": transition,
        "in_force": in_force,
        "goes_from": "draft" if transition == "publish" else "published",
        "crumbs": [
            {"label": _("Frameworks"), "url": reverse("editions")},
            {"label": str(edition), "url": edition.get_absolute_url()},
            {"label": _("Publish") if transition == "publish" else _("Retire")},
        ],
    }
    if request.method != "POST":
        shown = {
            "holds": _holds(edition, in_force),
            "after": _in_force_after(edition, transition),
            "concerned": concerned(edition, request.user),
        }
        return respond(request, PAGE, context | shown)
    try:
        getattr(edition, transition)(by=request.user)
    except NotNow as refusal:
        return respond(request, PAGE, context | {"refusal": refusal}, fragment=FRAGMENT, status=422)
    messages.success(request, _done(edition, transition))
    return respond(request, PAGE, context, fragment="framework/_published.html", done=("editions",))


def _done(edition, transition):
    if transition == "retire":
        words = _("%(edition)s is retired.")
    elif InForce().of_framework(edition.framework_id) == edition:
        words = _("%(edition)s is published and in force.")
    else:
        words = _("%(edition)s is published. A later edition stays in force.")
    return words % {"edition": edition}


def _in_force_after(edition, transition):
    """Return what is in force of the framework once `edition` is published or retired, or None."""
    others = edition.framework.editions.published().exclude(pk=edition.pk).order_by("-number")
    newest = others.first()
    if transition == "retire" or (newest and newest.number > edition.number):
        return newest
    return edition


def _holds(edition, other):
    """Return `[(what, how many in edition, how many in other)]`, other None when none of its framework is."""
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
