"""The documents a ladder is taken from, and what was taken from each passage."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.framework.in_force import InForce
from competencies.framework.models import Citation, Coverage, Edition
from competencies.framework.searching import sources_of
from competencies.sources.models import Source
from ladder.web.request import Request
from ladder.web.views import get_for

from .standpoint import switch

KINDS = ("behaviour", "expectation", "competency", "requirement", "level", "track", "area")


@dataclass(frozen=True)
class Mention:
    """A statement of the ladder that cites a passage, and where it stands."""

    title: str
    url: str
    level: object = None
    track: object = None
    text: str = ""


@require_safe
def sources(request: Request) -> HttpResponse:
    in_force = InForce()
    own = in_force.of(request.user.placement_on())
    edition = _chosen_edition(request) or own
    context = {
        "edition": edition,
        "crumbs": [{"label": _("Career framework"), "url": reverse("ladder")}, {"label": _("Sources")}],
        "frameworks": switch(
            in_force, edition, lambda row: reverse("sources") + ("" if row == own else f"?edition={row.pk}")
        ),
        "query": _query(request, edition),
        "sources": _documents(edition) if edition else [],
    }
    return render(request, "framework/sources.html", context)


@require_safe
def source(request: Request, pk: int) -> HttpResponse:
    source = get_for(Source, request, "sources.read_source", pk)
    edition = _chosen_edition(request) or _edition_citing(source, request.user)
    mentions = _mentions(source, edition) if edition else {}
    passages = [(passage, mentions.get(passage.pk, [])) for passage in source.passages.all()]
    query = _query(request, edition)
    context = {
        "source": source,
        "edition": edition,
        "crumbs": [
            {"label": _("Career framework"), "url": reverse("ladder")},
            {"label": _("Sources"), "url": reverse("sources") + query},
            {"label": source.title},
        ],
        "coverages": _coverages(edition).filter(source=source) if edition else [],
        "passages": passages,
        "idle": [passage for passage, group in passages if not group],
    }
    return render(request, "framework/source.html", context)


def _chosen_edition(request: Request):
    """Return the edition that `?edition=` names, None without one; one that may not be read is missing."""
    pk = request.GET.get("edition", "")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return get_for(Edition.objects.with_standing(), request, "framework.read_edition", int(pk))


def _edition_citing(source, person):
    """Return the edition through which a document is read.

    One's own if that cites it, else the first in force that does, else the newest that the person reads.
    """
    own = InForce().of(person.placement_on())
    editions = Edition.objects.citing(source).allowing(person, "framework.read_edition").with_standing()
    in_force = list(editions.in_force())
    return own if own in in_force else next(iter(in_force), None) or editions.order_by("-pk").first()


def _query(request: Request, edition):
    return f"?edition={edition.pk}" if edition and "edition" in request.GET else ""


def _coverages(edition):
    return Coverage.objects.filter(edition=edition).select_related("track", "level")


def _documents(edition):
    """Return the documents of an edition, with how many of their passages it cites and what they cover."""
    covers: dict[int, list[Coverage]] = {}
    for coverage in _coverages(edition):
        covers.setdefault(coverage.source_id, []).append(coverage)
    cited = Q(passages__citations__edition=edition)
    rows = Source.objects.filter(pk__in=sources_of([edition])).annotate(
        count=Count("passages", distinct=True), cited=Count("passages", distinct=True, filter=cited)
    )
    return [(source, covers.get(source.pk, [])) for source in rows]


def _mentions(source, edition):
    """Return `{passage id: [Mention]}` of one edition. One query."""
    rows = Citation.objects.filter(edition=edition, passage__source=source).select_related(
        "behaviour__expectation__competency",
        "behaviour__expectation__level",
        "behaviour__track",
        "requirement__skill",
        "requirement__track",
        "expectation__competency",
        "expectation__level",
        "track",
        "level",
        "competency",
        "area",
    )
    places = Places(edition)
    mentions: dict[int, list[Mention]] = {}
    for citation in sorted(rows.order_by("pk"), key=_order):
        mentions.setdefault(citation.passage_id, []).append(places.mention(citation))
    return mentions


def _kind(citation):
    return next(kind for kind in KINDS if getattr(citation, f"{kind}_id"))


def _order(citation):
    return KINDS.index(_kind(citation))


class Places:
    """Where on the pages of an edition the things that cite a passage stand."""

    def __init__(self, edition):
        self.edition = edition

    @cached_property
    def tracks(self):
        return list(self.edition.track_set.all())

    @cached_property
    def levels(self):
        return list(self.edition.level_set.all())

    def mention(self, citation):
        """Return the `Mention` of whichever thing cites."""
        kind = _kind(citation)
        return getattr(self, f"_{kind}")(getattr(citation, kind))

    def _behaviour(self, row):
        at = row.expectation
        return Mention(at.competency.title, row.get_absolute_url(), at.level, row.track, row.text)

    def _expectation(self, row):
        return Mention(row.competency.title, row.get_absolute_url(), row.level, text=row.summary)

    def _competency(self, row):
        return Mention(row.title, row.get_absolute_url(), text=row.summary)

    def _requirement(self, row):
        return Mention(
            _("Skill: %(skill)s") % {"skill": row.skill.title},
            row.get_absolute_url(),
            track=row.track,
            text=row.qualifier,
        )

    def _level(self, row):
        role = reverse("role", args=[self.tracks[0].pk, row.pk])
        return Mention(_("The level itself"), f"{role}#level", row, text=row.summary)

    def _track(self, row):
        role = reverse("role", args=[row.pk, self.levels[0].pk])
        return Mention(_("The track itself"), f"{role}#track", track=row, text=row.summary)

    def _area(self, row):
        matrix = self.edition.get_absolute_url()
        return Mention(
            _("Area: %(area)s") % {"area": row.title}, f"{matrix}#area-{row.key}", text=row.purpose
        )
