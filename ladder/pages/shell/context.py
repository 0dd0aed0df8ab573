"""What every page's frame needs: the way around, the theme, and whether this is a demo."""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from competencies.people.models import Organisation

THEMES = ("light", "dark")


def shell(request):
    """Return the context of the frame. Its queries run only when the frame is drawn."""
    theme = request.COOKIES.get("theme", "")
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "theme": theme if theme in THEMES else "",
        "demo": SimpleLazyObject(lambda: Organisation.here().demo if signed_in else False),
        "nav": SimpleLazyObject(lambda: ways(user, request.path) if signed_in else []),
    }


def ways(person, path):
    """Return the entries of the main menu for a person: `[{label, url, current}]`."""
    entries = [
        (_("Home"), reverse("home"), True),
        (_("Ladder"), reverse("ladder"), True),
        (_("Team"), reverse("team"), person.manages),
        (_("Evidence"), reverse("evidence_list"), True),
        (_("Reviews"), reverse("reviews"), True),
        (_("Promotions"), reverse("cases"), True),
        (_("People"), reverse("people"), "hr" in person.roles),
        (_("Cycles"), reverse("cycles"), "hr" in person.roles),
        (_("Editions"), reverse("editions"), "author" in person.roles),
        (_("Trail"), reverse("trail"), "auditor" in person.roles),
    ]
    return [
        {"label": label, "url": url, "current": path == url or (url != "/" and path.startswith(url))}
        for label, url, shown in entries
        if shown
    ]
