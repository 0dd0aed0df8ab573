"""Everybody as they stand, what may be done with them, and the ladders a file can name."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from competencies.core.clock import today
from competencies.framework.in_force import InForce
from competencies.framework.models import Level, Track
from competencies.people.models import Person, Placement, ReportingLine

from .cells import loose, loose_number

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


@dataclass(slots=True)
class Span:
    """A line (`what`: who is the manager) or a placement (`what`: track and level); `pk` None when new."""

    pk: int | None
    starts_on: date
    ends_on: date | None
    what: object

    def holds_on(self, day):
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def at(spans, day):
    """Return what holds on `day`: who is the manager, or track and level; None where nothing does."""
    return next((span.what for span in spans if span.holds_on(day)), None)


def begin(spans, day, what, now):
    """Return spans in which `what` holds from `day` on, as `Person.place` and `report_to` would leave them.

    Refuses with `Unsound` to rewrite what began before today.
    """
    if begun := [span for span in spans if day <= span.starts_on < now]:
        raise Unsound(
            _(
                "What is known starts on %(day)s already, and an import rewrites no history: "
                "leave the day empty."
            )
            % {"day": spelt(begun[-1].starts_on)}
        )
    kept = [
        Span(span.pk, span.starts_on, day, span.what) if span.holds_on(day) else span
        for span in spans
        if span.starts_on < day
    ]
    return [*kept, Span(None, day, None, what)]


def end(spans, day):
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

    def __init__(self, by, taken_out):
        self.by, self.today, self.taken_out = by, today(), taken_out
        self.people = {row[0]: Known(*row) for row in Person.objects.order_by().values_list(*Known._fields)}
        self.by_number = {row.number: row.pk for row in self.people.values() if row.number}
        self.by_loose_number = {loose_number(number): pk for number, pk in self.by_number.items()}
        self.by_email = {row.email.lower(): row.pk for row in self.people.values()}
        self.lines = _spans(ReportingLine.objects.order_by("starts_on"), "manager_id")
        self.placements = _spans(Placement.objects.order_by("starts_on"), "track_id", "level_id")
        self.ladder = Ladder()
        self.may_describe = self._allowed("people.describe_person")
        self.may_place = self._allowed("people.place_person")
        self.may_release = self._allowed("people.release_person")
        self.may_readmit = self._allowed("people.readmit_person")

    def name(self, key):
        return self.people[key].name

    def _allowed(self, action):
        return set(Person.objects.allowing(self.by, action).order_by().values_list("pk", flat=True))


def _spans(rows, *what):
    """Return `{person: [Span]}`, the oldest first."""
    found = defaultdict(list)
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

    def __init__(self):
        self.in_force = InForce()
        self.tracks, self.levels = (
            {part.pk: part for part in model.objects.select_related("edition__framework").only(*NAMED)}
            for model in (Track, Level)
        )
        self.offered = {
            edition.pk: tuple(
                [part for part in parts.values() if part.edition_id == edition.pk]
                for parts in (self.tracks, self.levels)
            )
            for edition in self.in_force.editions
        }
        self.answers = {}

    def keys(self, what):
        """Return the framework of a track and level, and their keys: the same in all its editions."""
        track, level = what
        return self.tracks[track].lineage, self.levels[level].lineage

    def said(self, what):
        words = f"{self.levels[what[1]].title}, {self.tracks[what[0]].title}"
        return f"{words} ({self.levels[what[1]].edition.framework})" if self.in_force.several else words

    def wanted(self, track, level, now):
        """Take what a row says (either may be None) and what holds now (or None); return track and level.

        Refuses with `Unsound` what the editions in force do not know, what more than one of them could mean,
        and one without the other.
        """
        if (asked := (track, level, now)) not in self.answers:
            self.answers[asked] = self._wanted(track, level, now)
        return self.answers[asked]

    def _wanted(self, track, level, now):
        own = now and self.in_force.of_framework(self.levels[now[1]].edition.framework_id)
        if not self.in_force.editions or (now and not own and None in (track, level)):
            raise Unsound(_("No edition of the ladder is published yet, so nobody can be placed on it."))
        editions = [own] if own else self.in_force.editions
        if None not in (track, level):
            fitting = [one for one in editions if self._named_both(track, level, one)]
            others = [one for one in self.in_force.editions if one != own]
            fitting = fitting or [one for one in others if self._named_both(track, level, one)]
            if len(fitting) > 1:
                raise Unsound(self._could_be(level, fitting))
            editions = fitting or editions
        if len(editions) > 1:
            raise Unsound(self._nowhere(track, level))
        return self._found(track, level, now, editions[0])

    def _named_both(self, track, level, edition):
        tracks, levels = self.offered[edition.pk]
        return _called(track, tracks) and _called(level, levels)

    def _found(self, track, level, now, edition):
        """Return what the two texts name in one edition; what is not said stays as it is."""
        tracks, levels = self.offered[edition.pk]
        found, reasons = [], []
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
        return tuple(found)

    def _could_be(self, level, editions):
        names = [str(edition.framework) for edition in editions]
        example = f"{names[0]}: {level}"
        return _(
            "More than one framework has this track and this level: %(names)s. Write the framework before "
            "the level, such as “%(example)s”."
        ) % {"names": ", ".join(names), "example": example}

    def _nowhere(self, track, level):
        if None in (track, level):
            kind = _("track") if track is None else _("level")
            return _("A %(kind)s is needed too: a level holds on a track.") % {"kind": kind}
        names = ", ".join(str(edition.framework) for edition in self.in_force.editions)
        return _("No framework has a track “%(track)s” and a level “%(level)s”: there are %(names)s.") % {
            "track": track,
            "level": level,
            "names": names,
        }


def _called(text, parts):
    """Return the one of `parts` that a text names: by key or title, perhaps with its framework before it."""
    wanted = loose(text)
    for part in parts:
        framework = part.edition.framework
        names = [f"{before}{name}" for name in (part.key, part.title) for before in _before(framework)]
        if wanted in map(loose, names):
            return part
    return None


def _before(framework):
    return "", f"{framework.key}: ", f"{framework.title}: ", f"{framework.key}/"


def _named(text, parts, everywhere, kind, now, edition):
    """Return the id of the one of `parts` (of `edition`) that a row names, or that holds now."""
    if text is None:
        if now is None:
            raise Unsound(_("A %(kind)s is needed too: a level holds on a track.") % {"kind": kind})
        mine = {part.lineage: part for part in parts}
        if now.lineage not in mine:
            raise Unsound(
                _("“%(now)s” is of another edition than %(edition)s: name the %(kind)s as well.")
                % {"now": now.title, "edition": edition, "kind": kind}
            )
        return mine[now.lineage].pk
    if part := _called(text, parts):
        return part.pk
    there_are = ", ".join(sorted(part.title for part in parts))
    if _called(text, everywhere.values()):
        sentence = _("“%(text)s” is a %(kind)s of another edition; %(edition)s has: %(there)s.")
    else:
        sentence = _("“%(text)s” is no %(kind)s of %(edition)s, which has: %(there)s.")
    raise Unsound(sentence % {"text": text, "kind": kind, "edition": edition, "there": there_are})


def spelt(day):
    """Return a day as it is said in a sentence."""
    return date_format(day, "j F Y")
