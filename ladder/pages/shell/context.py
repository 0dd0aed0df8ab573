"""What every page's frame needs: the way around, the theme, and whether this is a demo.

Lists name frameworks once people are placed on several.
"""

from django.utils.functional import SimpleLazyObject

from competencies.people.models import Placement
from ladder.web.navigation import ways
from ladder.web.request import Request
from ladder.web.views import organisation_of

from .personas import is_demo

THEMES = ("light", "dark")


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
        "nav": SimpleLazyObject(lambda: ways(organisation_of(request), request.path) if signed_in else {}),
    }
