"""Everybody as they stand, what may be done with them, and the ladders a file can name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from competencies.core.clock import today
from competencies.framework.in_force import InForce
from competencies.framework.models import Edition, Framework, Level, Track
from competencies.people.models import Person, Placement, ReportingLine

from .cells import loose, loose_number

Standing = tuple[int, int]  # the ids of a track and a level

NAMED = (
    "key",
    "title",
    "edition__framework__key",
    "edition__framework__title",
    "edition__framework__namesake",
)


class Known(NamedTuple):
    """Somebody's own row, as it stands."""

    pk: int
    number: str | None
    email: str
    name: str
    title: str
    team: str
    pronouns: str
    joined_on: date | None
    leaves_on: date | None
    erased_at: datetime | None


What = TypeVar("What")


@dataclass(slots=True)
class Span(Generic[What]):
    """A line (`what`: who is the manager) or a placement (`what`: track and level); `pk` None when new."""

    pk: int | None
    starts_on: date
    ends_on: date | None
    what: What

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def at(spans: Iterable[Span[What]], day: date) -> What | None:
    """Return what holds on `day`: who is the manager, or track and level; None where nothing does."""
    return next((span.what for span in spans if span.holds_on(day)), None)


def begin(spans: Sequence[Span[What]], day: date, what: What, now: date) -> list[Span[What]]:
    """Return spans in which `what` holds from `day` on, as `Person.place` and `report_to` would leave them.

    Refuses with `Unsound` to rewrite what began before today.
    """
    if begun := [span for span in spans if day <= span.starts_on < now]:
        raise Unsound(
            _(
                "The current entry starts on %(day)s, and an import can’t change history: leave the "
                "date empty."
            )
            % {"day": spelt(begun[-1].starts_on)}
        )
    kept = [
        Span(span.pk, span.starts_on, day, span.what) if span.holds_on(day) else span
        for span in spans
        if span.starts_on < day
    ]
    return [*kept, Span(None, day, None, what)]


def end(spans: Sequence[Span[What]], day: date) -> list[Span[What]]:
    """Return spans as `Person.leave` would leave them: nothing begins or holds from `day` on."""
    return [
        Span(span.pk, span.starts_on, day, span.what) if span.holds_on(day) else span
        for span in spans
        if span.starts_on < day
    ]


class Unsound(Exception):
    """What a row asks cannot be; `str()` says why."""


class CurrentState:
    """Everybody as they stand now, and what `by` may do with them. Ten queries, however many there are.

    `taken_out` says whom the undoing of an import took out, with the day: an import may bring them back.
    """

    def __init__(self, by: Person, taken_out: Mapping[int, date]) -> None:
        self.by, self.today, self.taken_out = by, today(), taken_out
        self.people = {row[0]: Known(*row) for row in Person.objects.order_by().values_list(*Known._fields)}
        self.by_number: dict[str | None, int] = {
            row.number: row.pk for row in self.people.values() if row.number
        }
        self.by_loose_number = {loose_number(number): pk for number, pk in self.by_number.items() if number}
        self.by_email: dict[str | None, int] = {row.email.lower(): row.pk for row in self.people.values()}
        self.lines: dict[int, list[Span[int]]] = _spans(
            ReportingLine.objects.order_by("starts_on"), "manager_id"
        )
        self.placements: dict[int, list[Span[Standing]]] = _spans(
            Placement.objects.order_by("starts_on"), "track_id", "level_id"
        )
        self.ladder = Ladder()
        self.may_describe = self._allowed("people.describe_person")
        self.may_place = self._allowed("people.place_person")
        self.may_release = self._allowed("people.release_person")
        self.may_readmit = self._allowed("people.readmit_person")

    def name(self, key: int) -> str:
        return self.people[key].name

    def _allowed(self, action: str) -> set[int]:
        return set(Person.objects.allowing(self.by, action).order_by().values_list("pk", flat=True))


def _spans(rows: QuerySet[Any], *what: str) -> dict[int, list[Span[Any]]]:
    """Return `{person: [Span]}`, the oldest first."""
    found: dict[int, list[Span[Any]]] = defaultdict(list)
    for person, pk, starts_on, ends_on, *names in rows.values_list(
        "person_id", "pk", "starts_on", "ends_on", *what
    ):
        found[person].append(Span(pk, starts_on, ends_on, names[0] if len(names) == 1 else tuple(names)))
    return found


class Ladder:
    """The tracks and levels that a file can name: those of the editions in force, by key or title.

    Somebody who is placed is looked up on their own framework first. What is only found on another one
    moves them there, and names both track and level. Three queries.
    """

    def __init__(self) -> None:
        self.in_force = InForce()
        tracks = Track.objects.select_related("edition__framework").only(*NAMED)
        levels = Level.objects.select_related("edition__framework").only(*NAMED)
        self.tracks = {track.pk: track for track in tracks}
        self.levels = {level.pk: level for level in levels}
        self.offered = {
            edition.pk: (
                [track for track in self.tracks.values() if track.edition_id == edition.pk],
                [level for level in self.levels.values() if level.edition_id == edition.pk],
            )
            for edition in self.in_force.editions
        }
        self.answers: dict[tuple[str | None, str | None, Standing | None], Standing] = {}

    def keys(self, what: Standing) -> tuple[tuple[int, str], tuple[int, str]]:
        """Return the framework of a track and level, and their keys: the same in all its editions."""
        track, level = what
        return self.tracks[track].lineage, self.levels[level].lineage

    def label(self, what: Standing) -> str:
        words = f"{self.levels[what[1]].title}, {self.tracks[what[0]].title}"
        return f"{words} ({self.levels[what[1]].edition.framework})" if self.in_force.several else words

    def resolve(self, track: str | None, level: str | None, now: Standing | None) -> Standing:
        """Take what a row says (either may be None) and what holds now (or None); return track and level.

        Refuses with `Unsound` what the editions in force do not know, what more than one of them could mean,
        and one without the other.
        """
        if (asked := (track, level, now)) not in self.answers:
            self.answers[asked] = self._resolve(track, level, now)
        return self.answers[asked]

    def _resolve(self, track: str | None, level: str | None, now: Standing | None) -> Standing:
        own = now and self.in_force.of_framework(self.levels[now[1]].edition.framework_id)
        if not self.in_force.editions or (now and not own and None in (track, level)):
            raise Unsound(_("No career framework is published yet, so nobody can be assigned a level."))
        editions = [own] if own else self.in_force.editions
        if track is not None and level is not None:
            fitting = [one for one in editions if self._named_both(track, level, one)]
            others = [one for one in self.in_force.editions if one != own]
            fitting = fitting or [one for one in others if self._named_both(track, level, one)]
            if len(fitting) > 1:
                raise Unsound(self._could_be(level, fitting))
            editions = fitting or editions
        if len(editions) > 1:
            raise Unsound(self._nowhere(track, level))
        return self._found(track, level, now, editions[0])

    def _named_both(self, track: str, level: str, edition: Edition) -> bool:
        tracks, levels = self.offered[edition.pk]
        return _called(track, tracks) is not None and _called(level, levels) is not None

    def _found(
        self, track: str | None, level: str | None, now: Standing | None, edition: Edition
    ) -> Standing:
        """Return what the two texts name in one edition; what is not said stays as it is."""
        tracks, levels = self.offered[edition.pk]
        found: list[int] = []
        reasons: list[str] = []
        for text, parts, everywhere, kind, known in (
            (track, tracks, self.tracks, _("track"), now and self.tracks[now[0]]),
            (level, levels, self.levels, _("level"), now and self.levels[now[1]]),
        ):
            try:
                found.append(_named(text, parts, everywhere, kind, known, edition))
            except Unsound as reason:
                reasons.append(str(reason))
        if reasons:
            raise Unsound(" ".join(reasons))
        return found[0], found[1]

    def _could_be(self, level: str, editions: Sequence[Edition]) -> str:
        names = [str(edition.framework) for edition in editions]
        example = f"{names[0]}: {level}"
        return _(
            "More than one framework has this track and this level: %(names)s. Write the framework before "
            "the level, such as “%(example)s”."
        ) % {"names": ", ".join(names), "example": example}

    def _nowhere(self, track: str | None, level: str | None) -> str:
        if None in (track, level):
            kind = _("track") if track is None else _("level")
            return _("Add a %(kind)s too: a level always goes with a track.") % {"kind": kind}
        names = ", ".join(str(edition.framework) for edition in self.in_force.editions)
        return _(
            "No framework has both a track “%(track)s” and a level “%(level)s”. The frameworks are %(names)s."
        ) % {
            "track": track,
            "level": level,
            "names": names,
        }


def _called(text: str, parts: Iterable[Level | Track]) -> Level | Track | None:
    """Return the one of `parts` that a text names: by key or title, perhaps with its framework before it."""
    folded = loose(text)
    for part in parts:
        framework = part.edition.framework
        names = [f"{before}{name}" for name in (part.key, part.title) for before in _before(framework)]
        if folded in map(loose, names):
            return part
    return None


def _before(framework: Framework) -> tuple[str, str, str, str]:
    return "", f"{framework.key}: ", f"{framework.title}: ", f"{framework.key}/"


def _named(
    text: str | None,
    parts: Sequence[Level | Track],
    everywhere: Mapping[int, Level] | Mapping[int, Track],
    kind: str,
    now: Level | Track | None,
    edition: Edition,
) -> int:
    """Return the id of the one of `parts` (of `edition`) that a row names, or that holds now."""
    if text is None:
        if now is None:
            raise Unsound(_("Add a %(kind)s too: a level always goes with a track.") % {"kind": kind})
        mine = {part.lineage: part for part in parts}
        if now.lineage not in mine:
            raise Unsound(
                _("“%(now)s” isn’t in %(edition)s: add the %(kind)s too.")
                % {"now": now.title, "edition": edition, "kind": kind}
            )
        return mine[now.lineage].pk
    if part := _called(text, parts):
        return part.pk
    there_are = ", ".join(sorted(part.title for part in parts))
    if _called(text, everywhere.values()):
        sentence = _("“%(text)s” is a %(kind)s from another edition. %(edition)s has: %(there)s.")
    else:
        sentence = _("“%(text)s” isn’t a %(kind)s in %(edition)s, which has: %(there)s.")
    raise Unsound(sentence % {"text": text, "kind": kind, "edition": edition, "there": there_are})


def spelt(day: date) -> str:
    """Return a day as it is said in a sentence."""
    return date_format(day, "j F Y")
