"""What every page's frame needs: the way around, the theme, and whether this is a demo.

Lists name frameworks once people are placed on several.
"""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from competencies.people.models import Placement
from ladder.web.request import Request
from ladder.web.views import organisation_of

from .personas import is_demo

THEMES = ("light", "dark")
HOMES = {  # an address begins with a word or two; the menu entry under which its page is found
    "ladder": "ladder",
    "competencies": "ladder",
    "roles": "ladder",
    "sources": "ladder",
    "editions": "editions",
    "team": "team",
    "people": "people",
    "people/chart": "chart",
    "organisation": "people",
    "invitations": "people",
    "evidence": "evidence_list",
    "reviews": "reviews",
    "assessments": "reviews",
    "cases": "cases",
    "claims": "cases",
    "stories": "cases",
    "packets": "cases",
    "packet-exports": "cases",
    "packet-export-items": "cases",
    "committees": "committees",
    "hearings": "committees",
    "releases": "committees",
    "cycles": "cycles",
    "trail": "trail",
}


def shell(request: Request):
    """Return the context of the frame. Its queries run only when the frame is drawn."""
    theme = request.COOKIES.get("theme", "")
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "theme": theme if theme in THEMES else "",
        "demo": SimpleLazyObject(lambda: signed_in and is_demo(organisation_of(request))),
        "several_frameworks": SimpleLazyObject(Placement.on_several_frameworks),
        "organisation_here": SimpleLazyObject(lambda: organisation_of(request)),
        "nav": SimpleLazyObject(lambda: ways(organisation_of(request), request.path) if signed_in else []),
    }


def ways(organisation, path):
    """Return the entries of the main menu: `[{label, url, current}]`.

    `organisation` is marked with what the visitor may do in it.
    """
    entries = [
        (_("Home"), "home", True),
        (_("Ladder"), "ladder", True),
        (_("Team"), "team", organisation.may_lead),
        (_("Evidence"), "evidence_list", True),
        (_("Reviews"), "reviews", True),
        (_("Promotions"), "cases", True),
        (_("Committees"), "committees", organisation.may_govern or organisation.may_sit),
        (_("People"), "people", organisation.may_browse),
        (_("Org chart"), "chart", True),
        (_("Cycles"), "cycles", organisation.may_run_cycles),
        (_("Editions"), "editions", organisation.may_write),
        (_("Trail"), "trail", organisation.may_read_trail),
    ]
    words = path.split("/")[1:]
    here = "home" if path == "/" else HOMES.get("/".join(words[:2])) or HOMES.get(words[0])
    return [
        {"label": label, "url": reverse(name), "current": name == here}
        for label, name, shown in entries
        if shown
    ]
