"""The command palette: from a few letters to a person, a page or a thing to do."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from competencies.framework.searching import LONGEST, words_of
from ladder.web.request import Request
from ladder.web.views import organisation_of, respond

from .entries import Asked, Group, commands, found, ways
from .keys import KEYS


@require_safe
def palette(request: Request) -> HttpResponse:
    """Show what the words of `?q=` find, the ways and commands without any, and the keys for a `?`."""
    text = " ".join(request.GET.get("q", "")[:LONGEST].split())
    asked = Asked(request.user, organisation_of(request), text, words_of(text))
    groups = _groups(asked)
    context = {
        "asked": text,
        "keys": KEYS if text == "?" else [],
        "groups": groups,
        "total": sum(len(group.entries) for group in groups),
        "too_short": bool(text) and not asked.words,
    }
    return respond(request, "palette/palette.html", context, fragment="palette/_found.html")


def _groups(asked: Asked) -> list[Group]:
    if asked.words:
        return found(asked)
    return [] if asked.text else [commands(asked), ways(asked)]
