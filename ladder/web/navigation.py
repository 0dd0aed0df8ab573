"""The ways through the product: the entries of the bar, and of the menu of what is administered."""

from typing import TypedDict

from django.urls import reverse
from django.utils.translation import gettext as _

from competencies.people.models import Organisation

HOMES = {  # an address begins with a word or two; the menu entry under which its page is found
    "ladder": "ladder",
    "competencies": "ladder",
    "roles": "ladder",
    "sources": "ladder",
    "editions": "editions",
    "team": "team",
    "people": "people",
    "people/chart": "chart",
    "organisation": "organisation",
    "invitations": "people",
    "evidence": "evidence_list",
    "reviews": "reviews",
    "assessments": "reviews",
    "cases": "cases",
    "claims": "cases",
    "stories": "cases",
    "packets": "cases",
    "packet-exports": "packet_exports",
    "packet-export-items": "packet_exports",
    "committees": "committees",
    "hearings": "committees",
    "releases": "committees",
    "cycles": "cycles",
    "trail": "trail",
}


class Way(TypedDict):
    """An entry of the bar or of a menu."""

    label: str
    url: str
    current: bool


class Ways(TypedDict):
    """The bar, the menu Admin, and whether the page that is shown belongs into that menu."""

    bar: list[Way]
    admin: list[Way]
    in_admin: bool


def ways(organisation: Organisation, path: str) -> Ways:
    """Return the ways through the product: `{bar, admin, in_admin}`.

    `bar` and `admin` are entries `{label, url, current}` of the bar and of its menu Admin. Who has a single
    thing to administer finds it in the bar. `organisation` is marked with what the visitor may do in it.
    """
    bar = [
        (_("Home"), "home", True),
        (_("Reviews"), "reviews", True),
        (_("Team"), "team", organisation.may_lead or organisation.may_browse),
        (_("Evidence"), "evidence_list", True),
        (_("Promotions"), "cases", True),
        (_("Career framework"), "ladder", True),
    ]
    admin = [
        (_("People"), "people", organisation.may_browse),
        (_("Cycles"), "cycles", organisation.may_run_cycles),
        (_("Committees"), "committees", organisation.may_govern or organisation.may_sit),
        (_("Exports"), "packet_exports", organisation.may_order_exports),
        (_("Frameworks"), "editions", organisation.may_write),
        (_("Organisation"), "organisation", organisation.may_govern),
        (_("Audit log"), "trail", organisation.may_read_trail),
    ]
    words = path.split("/")[1:]
    here = "home" if path == "/" else HOMES.get("/".join(words[:2])) or HOMES.get(words[0])
    shown = [entry for entry in admin if entry[2]]
    if len(shown) == 1:
        bar, shown = bar + shown, []
    if shown:
        shown.insert(1, (_("Org chart"), "chart", True))
    menu = _entries(shown, here)
    return {"bar": _entries(bar, here), "admin": menu, "in_admin": any(entry["current"] for entry in menu)}


def _entries(ways: list[tuple[str, str, bool]], here: str | None) -> list[Way]:
    return [
        {"label": label, "url": reverse(name), "current": name == here}
        for label, name, shown in ways
        if shown
    ]
