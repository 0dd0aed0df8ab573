"""From where a reader looks at an edition: the track they chose, and where they stand themselves."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from competencies.framework.models import Edition, Level, Track


@dataclass
class Standpoint:
    """An edition with its tracks and levels, seen on one track by somebody who may be on it."""

    edition: Edition
    in_force: Edition | None
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
        page = reverse("ladder") if self.is_in_force else reverse("matrix", args=[self.edition.pk])
        return f"{page}?{urlencode({'track': self.track.key})}"

    @property
    def crumbs(self):
        """The way to any page inside this edition."""
        if self.is_in_force:
            return [{"label": _("Ladder"), "url": self.address}]
        return [
            {"label": _("Editions"), "url": reverse("editions")},
            {"label": str(self.edition), "url": self.address},
        ]

    @cached_property
    def rungs(self):
        """The levels of each rung, from the foot of the ladder up."""
        upwards = sorted(self.levels, key=lambda level: level.rung)
        return [list(group) for _rung, group in groupby(upwards, key=lambda level: level.rung)]

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
        return "" if self.is_in_force else f"?edition={self.edition.pk}"


def look(request, edition, *, in_force, track=None):
    """Return the `Standpoint` on an edition: on `track`, or `?track=`, or their own, or the first."""
    tracks = list(edition.track_set.all())
    levels = list(edition.level_set.prefetch_related("includes"))
    placement = request.user.placement_on()
    own_track, own_level = (placement.track.key, placement.level.key) if placement else ("", "")
    by_key = {row.key: row for row in tracks}
    chosen = track or by_key.get(request.GET.get("track")) or by_key.get(own_track) or tracks[0]
    return Standpoint(
        edition=edition,
        in_force=in_force,
        tracks=tracks,
        levels=levels,
        track=chosen,
        own_track=own_track,
        own_level=own_level,
    )
