"""From where a reader looks at an edition: the track they chose, and where they stand themselves."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from competencies.framework.in_force import InForce
from competencies.framework.models import Edition, Level, Track
from competencies.framework.models.inclusion import Inclusions
from ladder.web.request import Request


@dataclass
class Standpoint:
    """An edition with its tracks and levels, seen on one track by somebody who may be on it.

    `in_force` is the edition in force of the same framework, `several` whether other frameworks have one
    too, and `opened` whether the ladder opens on this framework when nothing else is asked for.
    """

    edition: Edition
    in_force: Edition | None
    several: bool
    opened: bool
    tracks: list[Track]
    levels: list[Level]
    track: Track
    own_track: str
    own_level: str

    @property
    def is_in_force(self):
        return self.edition == self.in_force

    @property
    def address(self):
        """The matrix of this edition on the chosen track."""
        return self.address_on(self.track)

    def address_on(self, track):
        """The matrix of this edition on a track of it."""
        page = self.entrance or reverse("matrix", args=[self.edition.pk])
        return f"{page}{'&' if '?' in page else '?'}{urlencode({'track': track.key})}"

    @property
    def entrance(self):
        """The page of the framework, where the edition in force stands; empty for another edition."""
        return address_of(self.edition.framework, opened=self.opened) if self.is_in_force else ""

    @property
    def way_to_in_force(self):
        """Where the edition in force of the same framework stands."""
        return address_of(self.edition.framework, opened=self.opened)

    @property
    def crumbs(self):
        """The way to any page inside this edition."""
        if self.is_in_force:
            label = str(self.edition.framework) if self.several and not self.opened else _("Career framework")
            return [{"label": label, "url": self.address}]
        return [
            {"label": _("Frameworks"), "url": reverse("editions")},
            {"label": str(self.edition), "url": self.address},
        ]

    @cached_property
    def rungs(self):
        """The levels of each rung, from the foot of the ladder up."""
        upwards = sorted(self.levels, key=lambda level: level.rung)
        return [list(group) for _rung, group in groupby(upwards, key=lambda level: level.rung)]

    @cached_property
    def inclusions(self):
        return Inclusions.of([self.edition.pk])

    def includes(self, level):
        """Return the levels that one adds to."""
        below = self.inclusions.directly_below(level.pk)
        return [other for other in self.levels if other.pk in below]

    def next_steps(self, level):
        """Return the levels that build directly on one."""
        steps = self.inclusions.next_steps(level.pk)
        return [other for other in self.levels if other.pk in steps]

    def tabs(self, address=None, **query):
        """Return a tab for each track; `address` gives the page of a track, this very page when None."""
        return [
            {
                "label": self._named(track),
                "url": address(track) if address else f"?{urlencode({'track': track.key, **query})}",
                "current": track == self.track,
            }
            for track in self.tracks
        ]

    def _named(self, track):
        if track.key == self.own_track:
            return _("%(track)s (yours)") % {"track": track.title}
        return track.title

    def passage_query(self):
        """Return what a link to a passage has to add, so that the way back leads to this edition."""
        return "" if self.is_in_force and self.opened else f"?edition={self.edition.pk}"


def look(request: Request, edition, *, track=None):
    """Return the `Standpoint` on an edition: on `track`, or `?track=`, or their own, or the first."""
    asked = track.key if track else request.GET.get("track")
    return look_from(request.user.placement_on(), edition, InForce(), asked=asked)


def look_from(placement, edition, in_force, *, asked=None):
    """Return the `Standpoint` of a placement, or None: on the track `asked`, or their own, or the first.

    What is called as their own track or level in another framework is not theirs.
    """
    tracks = list(edition.track_set.all())
    levels = list(edition.level_set.all())
    theirs = placement if placement and placement.level.edition.framework_id == edition.framework_id else None
    own_track, own_level = (theirs.track.key, theirs.level.key) if theirs else ("", "")
    by_key = {row.key: row for row in tracks}
    chosen = by_key.get(asked) or by_key.get(own_track) or tracks[0]
    return Standpoint(
        edition=edition,
        in_force=in_force.of_framework(edition.framework_id),
        several=in_force.several,
        opened=in_force.of(placement) == in_force.of_framework(edition.framework_id),
        tracks=tracks,
        levels=levels,
        track=chosen,
        own_track=own_track,
        own_level=own_level,
    )


def address_of(framework, *, opened=False):
    """Return the page of a framework; `opened`: the one on which the ladder opens for the reader."""
    page = reverse("ladder")
    return page if opened else f"{page}?{urlencode({'framework': framework.key})}"


def switch(in_force, chosen, address):
    """Return a tab for each edition in force, by its framework; none where there is nothing to choose.

    `address` gives the page on an edition; `chosen` is the one that is shown, or None.
    """
    if not in_force.several:
        return []
    return [
        {"label": str(edition.framework), "url": address(edition), "current": edition == chosen}
        for edition in in_force.editions
    ]
