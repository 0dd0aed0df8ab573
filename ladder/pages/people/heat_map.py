"""The map of the last manager ratings of people: a block for each framework, a row a person."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from competencies.core.prepared import prepared
from competencies.framework.models import Competency, Edition, ScalePoint
from ladder.web.drawn_once import Drawn, kept, place

from .members import LastRating, Member

NOT_OBSERVED, MINUS = "–", "−"


class Cell(NamedTuple):
    """One rating as it is drawn: its step, what stands there, the same in words, and as a file has it."""

    step: str
    shown: str
    words: str
    value: int | str

    def drawn(self) -> Drawn:
        """Return its HTML with a place for the address it leads to."""
        return Drawn.by("people/_cell.html", {"cell": self, "url": place("url")})


def heat_of(members, in_force, *, change=False):
    """Return a block for each framework that rated members are placed on: its edition, and their ratings.

    With `change` a cell tells the steps since the review before, on the same framework; who has none is left
    out. Whoever has no placement stands in the block of their last review, or in the only one there is.
    """
    members_by: dict[Edition | None, list[Member]] = {}
    for member in members:
        if member.ratings and (not change or member.ratings.keys() & member.earlier_ratings.keys()):
            members_by.setdefault(_edition_of(member, in_force), []).append(member)
    editions = [edition for edition in in_force.editions if edition in members_by]
    pks = [edition.pk for edition in editions]
    columns: dict[int, list[Competency]] = {pk: [] for pk in pks}
    for competency in _competencies(pks):
        columns[competency.edition_id].append(competency)
    points: dict[int, list[ScalePoint]] = {pk: [] for pk in pks}
    for point in _points(pks):
        points[point.edition_id].append(point)
    return [
        {
            "edition": edition,
            "competencies": columns[edition.pk],
            "points": points[edition.pk],
            "width": len(columns[edition.pk]) + 2,
            "rows": [
                {"member": member, "cells": _cells(member, columns[edition.pk], change=change)}
                for member in members_by[edition]
            ],
        }
        for edition in editions
    ]


def file_of(heat):
    """Return the map as `(columns, rows)` of a file: a row a person, a column a competency."""
    competencies = [one for block in heat for one in block["competencies"]]
    titles = [f"{one.title} ({one.edition})" if len(heat) > 1 else one.title for one in competencies]
    heads = [_("Name"), _("Level"), _("Assessed at"), _("Review"), *titles]
    return heads, [_line(row, block, heat) for block in heat for row in block["rows"]]


def _line(row, block, heat):
    member = row["member"]
    values = []
    for other in heat:
        cells = row["cells"] if other is block else [None] * len(other["competencies"])
        values += [cell[0].value if cell else "" for cell in cells]
    held = member.placement.level.title if member.placement else ""
    return [member.person.name, held, member.shared.level.title, member.shared.cycle.name, *values]


def _edition_of(member, in_force):
    edition = in_force.of(member.placement)
    if edition is None and member.placement is None and member.review:
        return in_force.of_framework(member.review.level.edition.framework_id)
    return edition


def _cells(member, competencies, *, change):
    """Return `[(Cell, HTML)]` of the ratings of one person, None where there is none."""
    address = f"{reverse('review', args=[member.shared.pk])}ratings/"
    cells: list[tuple[Cell, SafeString] | None] = []
    for competency in competencies:
        rating = member.ratings.get(competency.lineage)
        before = member.earlier_ratings.get(competency.lineage)
        cell = _changed(rating, before) if change else _rated(rating)
        if cell is None:
            cells.append(None)
            continue
        html = kept("heat cell", *cell, draw=cell.drawn)
        cells.append((cell, html.filled(url=f"{address}{rating.competency}/")))
    return cells


def _rated(rating: LastRating | None) -> Cell | None:
    if rating is None:
        return None
    if rating.value is None:
        return Cell("none", NOT_OBSERVED, rating.label, rating.label)
    return Cell(str(rating.value), str(rating.value), rating.label, rating.value)


def _changed(rating: LastRating | None, before: LastRating | None) -> Cell | None:
    if rating is None or before is None or rating.value is None or before.value is None:
        return None
    steps = rating.value - before.value
    if steps == 0:
        return Cell("none", "=", _("unchanged"), 0)
    if steps > 0:
        return Cell("3" if steps == 1 else "4", f"+{steps}", _("up %(steps)d") % {"steps": steps}, steps)
    return Cell(
        "2" if steps == -1 else "1", f"{MINUS}{-steps}", _("down %(steps)d") % {"steps": -steps}, steps
    )


@prepared
def _competencies(editions: list[int]):
    rows = Competency.objects.filter(edition__in=editions).select_related("area", "edition__framework")
    return rows.order_by("edition", "position")


@prepared
def _points(editions: list[int]):
    return ScalePoint.objects.filter(edition__in=editions).order_by("edition", "position")
