"""The trail, newest entry first: of the whole organisation, and of one person's record."""

from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.permissions import may
from competencies.people.models import Organisation, Person
from competencies.trail.models import Entry, Head
from ladder.web.request import Request
from ladder.web.views import get_for, require

from .forms import KindForm, SearchForm, spans
from .records import name_records
from .sentences import CHANGED, KINDS, SENTENCES, actions_of, describe

ENTRIES_A_PAGE = 50
ENTRIES_OF_A_PERSON = 100


@require_safe
def trail(request: Request) -> HttpResponse:
    """Show the entries that the reader may see, by person, action, record and day."""
    require(request, "people.read_trail", Organisation.here())
    form, entries = search(request)
    stretch = _stretch(request, entries, ENTRIES_A_PAGE)
    whole = reads_chain(request.user)
    context = {
        "form": form,
        "whole": whole,
        "described": name_records(describe(stretch, request.user, whole=whole), request.user),
        "stretch": stretch,
        "asked": _asked(request),
        "spans": [
            {"label": label, "query": _asked(request, since=since.isoformat(), until="")}
            for label, since in spans()
        ],
        "head": Head.here() if whole else None,
        "verified": Entry.objects.filter(action="trail.verified").newest().first(),
    }
    return render(request, "trail/trail.html", context)


@require_safe
def of_person(request: Request, pk: int) -> HttpResponse:
    """Show who changed, opened, printed or exported one person's record, and when."""
    person = get_for(Person, request, "people.read_trail_of", pk)
    form = KindForm(request.GET or None)
    entries = visible_to(request.user).filter(about=person)
    if form.is_bound:
        entries = entries.matching(**form.criteria) if form.is_valid() else entries.none()
    kind = request.GET.get("kind") if request.GET.get("kind") in KINDS else ""
    stretch = _stretch(request, of_kind(entries, kind), ENTRIES_OF_A_PERSON)
    context = {
        "person": person,
        "mine": person.pk == request.user.pk,
        "form": form,
        "days": _days(name_records(describe(stretch, request.user), request.user)),
        "stretch": stretch,
        "asked": _asked(request),
        "tabs": [
            {"label": label, "url": f"?{_asked(request, kind=name)}", "current": name == kind}
            for name, label in {"": _("All"), **KINDS}.items()
        ],
        "crumbs": [{"label": person.name, "url": person.get_absolute_url()}, {"label": _("Audit log")}],
    }
    return render(request, "trail/of_person.html", context)


def search(request: Request):
    """Return the form that the visitor sent, and the entries that it asks for: none while it is wrong."""
    form = SearchForm(request.GET or None)
    entries = visible_to(request.user)
    if form.is_bound:
        entries = entries.matching(**form.criteria) if form.is_valid() else entries.none()
    return form, entries


def reads_chain(reader):
    """Return True if a reader is shown digests, head and numbers."""
    return may(reader, "people.read_chain", Organisation.here())


def visible_to(reader):
    return Entry.objects.allowing(reader, "trail.read_entry").select_related("actor", "about")


def of_kind(entries, kind):
    """Keep the entries of a kind; an action that has no sentence yet counts as a change."""
    if kind == CHANGED:
        return entries.exclude(
            action__in=[action for name in SENTENCES if name != CHANGED for action in SENTENCES[name]]
        )
    return entries.filter(action__in=actions_of(kind)) if kind else entries


def _stretch(request: Request, entries, size):
    return entries.stretch(size, before=_mark(request, "before"), after=_mark(request, "after"))


def _mark(request: Request, name):
    """Return the public identifier of an entry that the address names, or None."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _asked(request: Request, **changed):
    """Return the query of the address without the place in the list, with `changed` in it."""
    kept = {name: value for name, value in request.GET.items() if name not in ("before", "after")}
    return urlencode({name: value for name, value in (kept | changed).items() if value})


def _days(described):
    """Put described entries under their day, and what one did several times at a go into one line."""
    return [
        {"day": day, "lines": [_line(list(lines)) for _who, lines in groupby(of_day, key=_same)]}
        for day, of_day in groupby(described, key=lambda one: timezone.localtime(one.entry.at).date())
    ]


def _same(one):
    return one.entry.actor_id, one.entry.action


def _line(described):
    return {
        "first": described[0],
        "count": len(described),
        "named": {one.what["url"]: one.what["label"] for one in described if one.what},
    }
