"""What every page's frame needs: the way around, the theme, and whether this is a demo.

Lists name frameworks once people are placed on several.
"""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from competencies.people.models import Person, Placement
from competencies.promotions.models import Member, Seat
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
        "nav": SimpleLazyObject(lambda: ways(user, request.path) if signed_in else []),
    }


def answers_cases(person):
    """Say whether somebody has to do with committees: HR, whoever has a seat, and whoever was called once."""
    if "hr" in person.roles:
        return True
    seats = Seat.objects.filter(person=OuterRef("pk"), ended_at=None)
    calls = Member.objects.filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(seats) | Exists(calls), pk=person.pk).exists()


def ways(person, path):
    """Return the entries of the main menu for a person: `[{label, url, current}]`."""
    entries = [
        (_("Home"), "home", True),
        (_("Ladder"), "ladder", True),
        (_("Team"), "team", person.manages),
        (_("Evidence"), "evidence_list", True),
        (_("Reviews"), "reviews", True),
        (_("Promotions"), "cases", True),
        (_("Committees"), "committees", answers_cases(person)),
        (_("People"), "people", "hr" in person.roles),
        (_("Org chart"), "chart", True),
        (_("Cycles"), "cycles", "hr" in person.roles),
        (_("Editions"), "editions", "author" in person.roles),
        (_("Trail"), "trail", not person.roles.isdisjoint({"auditor", "hr"})),
    ]
    words = path.split("/")[1:]
    here = "home" if path == "/" else HOMES.get("/".join(words[:2])) or HOMES.get(words[0])
    return [
        {"label": label, "url": reverse(name), "current": name == here}
        for label, name, shown in entries
        if shown
    ]
