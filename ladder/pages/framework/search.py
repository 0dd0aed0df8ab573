"""Finding words in the ladder, and in the people and evidence that the reader may read."""

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from competencies.evidence.models import Evidence
from competencies.framework.in_force import InForce
from competencies.framework.models import Track
from competencies.framework.searching import PER_KIND, SHORTEST, Found, search, words_of
from competencies.people.models import Person
from competencies.people.search import search as search_people
from ladder.web.request import Request

from .marking import pieces
from .standpoint import switch

EVERY = "*"  # no key of a framework

HEADINGS = {
    "competency": _("Competencies"),
    "expectation": _("Expectations"),
    "behaviour": _("Behaviours"),
    "skill": _("Skills"),
    "level": _("Levels"),
    "track": _("Tracks"),
    "passage": _("Passages"),
    "source": _("Sources"),
    "person": _("People"),
    "evidence": _("Evidence"),
}


@dataclass
class Result:
    """One thing found: where it stands, and its words cut into pieces."""

    title: list
    url: str
    where: str = ""
    text: list = field(default_factory=list)
    level: object = None


@require_safe
def find_words(request: Request) -> HttpResponse:
    asked = " ".join(request.GET.get("q", "").split())
    words = words_of(asked)
    in_force = InForce()
    chosen = _chosen(request, in_force)
    editions = [chosen] if chosen else in_force.editions
    found = _found(editions, asked, words, request.user) if words else []
    groups = [_group(group, words, editions, in_force.several) for group in found]
    context = {
        "asked": asked,
        "words": words,
        "framework": request.GET.get("framework", "") if in_force.several else "",
        "frameworks": _switch(in_force, chosen, asked) if words else [],
        "groups": groups,
        "total": sum(len(group["results"]) for group in groups),
        "more": any(group["more"] for group in groups),
        "limit": PER_KIND,
        "shortest": SHORTEST,
    }
    return render(request, "framework/search.html", context)


def _chosen(request: Request, in_force):
    """Return the edition to search: that of `?framework=`, which may be all of them (None), or one's own."""
    key = request.GET.get("framework")
    named = next((row for row in in_force.editions if row.framework.key == key), None)
    return named or (None if key == EVERY else in_force.of(request.user.placement_on()))


def _switch(in_force, chosen, asked):
    """Return the tabs of the frameworks, and of all together."""
    tabs = switch(in_force, chosen, lambda row: f"?{urlencode({'q': asked, 'framework': row.framework.key})}")
    every = {
        "label": _now("All"),
        "url": f"?{urlencode({'q': asked, 'framework': EVERY})}",
        "current": not chosen,
    }
    return [*tabs, every] if tabs else []


def _found(editions, asked, words, reader):
    """Return the groups found: in the editions, then among people, and in the evidence of `reader`'s own.

    Evidence is searched of oneself and one's reports; that of others is found at the person. The
    narrowing shows the database where to begin, the rules say what may be seen.
    """
    people = Person.objects.allowing(reader, "people.read_person")
    if "hr" not in reader.roles:
        people = people.filter(Q(pk=reader.pk) | Q(pk__in=reader.below().values("pk")))
    evidence = Evidence.objects.allowing(reader, "evidence.read_evidence").select_related("person")
    evidence = evidence.filter(Q(person=reader) | Q(person__in=reader.reports().values("pk")))
    pks, more = (
        search_people(people, asked, most=PER_KIND) if reader.manages or "hr" in reader.roles else ([], False)
    )
    own = [
        Found("person", Person.objects.in_order(pks), more),
        Found.of("evidence", evidence, words, of_row=_of_piece, context=lambda piece: [piece.person.name]),
    ]
    return [*(search(editions, words) if editions else []), *(group for group in own if group.rows)]


def _of_piece(piece):
    return piece.title, piece.text


def _group(found, words, editions, several):
    places = Places(editions, words, several)
    return {
        "kind": found.kind,
        "heading": HEADINGS[found.kind],
        "results": [getattr(places, f"_{found.kind}")(row) for row in found.rows],
        "more": found.more,
    }


class Places:
    """What a row of each kind is called in the results, and where it stands on the pages."""

    def __init__(self, editions, words, several):
        self.editions, self.words, self.several = {row.pk: row for row in editions}, words, several

    @cached_property
    def _first_tracks(self):
        tracks = Track.objects.filter(edition__in=self.editions).order_by("-position")
        return {track.edition_id: track for track in tracks}

    def _of(self, row, *words):
        """Return where a row stands, with its framework where several are searched."""
        framework = str(self.editions[row.edition_id].framework) if len(self.editions) > 1 else ""
        return ", ".join(filter(None, (*words, framework)))

    def _cut(self, *texts):
        return pieces(" ".join(filter(None, texts)), self.words)

    def _competency(self, row):
        return Result(
            self._cut(row.title),
            row.get_absolute_url(),
            self._of(row, row.area.title),
            self._cut(row.summary),
        )

    def _expectation(self, row):
        pitfall = row.pitfall and _now("Pitfall: %(pitfall)s") % {"pitfall": row.pitfall}
        text = self._cut(row.summary, pitfall)
        return Result(self._cut(row.competency.title), row.get_absolute_url(), self._of(row), text, row.level)

    def _behaviour(self, row):
        at = row.expectation
        where = row.track.title if row.track else _now("Every track")
        return Result(
            self._cut(at.competency.title),
            row.get_absolute_url(),
            self._of(row, where),
            self._cut(row.text),
            at.level,
        )

    def _skill(self, row):
        asked = row.requirements.all()
        notes = [f"{one.track.title}: {one.qualifier}" for one in asked if one.note]
        text = self._cut("; ".join(notes))
        return Result(
            self._cut(row.title), asked[0].get_absolute_url(), self._of(row, row.competency.title), text
        )

    def _level(self, row):
        url = reverse("role", args=[self._first_tracks[row.edition_id].pk, row.pk])
        return Result(self._cut(row.title), url, self._of(row), self._cut(row.scope, row.summary), row)

    def _track(self, row):
        query = {"track": row.key}
        if self.several:
            query["framework"] = self.editions[row.edition_id].framework.key
        url = f"{reverse('ladder')}?{urlencode(query)}"
        return Result(self._cut(row.title), url, self._of(row), self._cut(row.summary, row.suits, row.hiring))

    def _passage(self, row):
        text = self._cut(row.text or row.gist, ", ".join(row.terms))
        return Result(self._cut(row.reference), row.get_absolute_url(), row.source.title, text)

    def _source(self, row):
        return Result(self._cut(row.title), row.get_absolute_url(), row.key)

    def _person(self, row):
        return Result(
            self._cut(row.name), row.get_absolute_url(), ", ".join(filter(None, (row.title, row.team)))
        )

    def _evidence(self, row):
        where = f"{row.person.name}, {date_format(row.happened_on)}"
        return Result(self._cut(row.title), row.get_absolute_url(), where, self._cut(row.text))
