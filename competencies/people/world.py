"""Everybody as they stand, what may be done with them, and the ladder a file can name."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from competencies.access.clock import today
from competencies.framework.models import Edition, Level, Track

from .cells import loose, loose_number
from .models import Person, Placement, ReportingLine


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


class World:
    """Everybody as they stand now, and what `by` may do with them. Eleven queries, however many there are."""

    def __init__(self, by):
        self.by, self.today = by, today()
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
        self.taken_out = _taken_out()

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


def _taken_out():
    """Return whom the undoing of an import took out, with the day: an import may bring them back."""
    from .imports import Withdrawal

    return dict(Withdrawal.objects.order_by("pk").values_list("person_id", "day"))


class Ladder:
    """The tracks and levels that a file can name: those of the edition in force, by key or title."""

    def __init__(self):
        self.edition = Edition.objects.in_force()
        self.tracks = {track.pk: track for track in Track.objects.only("key", "title", "edition")}
        self.levels = {level.pk: level for level in Level.objects.only("key", "title", "edition")}
        self.answers = {}

    def keys(self, what):
        track, level = what
        return self.tracks[track].key, self.levels[level].key

    def said(self, what):
        return f"{self.levels[what[1]].title}, {self.tracks[what[0]].title}"

    def wanted(self, track, level, now):
        """Take what a row says (either may be None) and what holds now (or None); return track and level.

        Refuses with `Unsound` what the edition in force does not know, and one without the other.
        """
        if (asked := (track, level, now)) not in self.answers:
            self.answers[asked] = self._wanted(track, level, now)
        return self.answers[asked]

    def _wanted(self, track, level, now):
        if self.edition is None:
            raise Unsound(_("No edition of the ladder is published yet, so nobody can be placed on it."))
        found, reasons = [], []
        for text, parts, kind, known in (
            (track, self.tracks, _("track"), now and self.tracks[now[0]]),
            (level, self.levels, _("level"), now and self.levels[now[1]]),
        ):
            try:
                found.append(self._named(text, parts, kind, known))
            except Unsound as reason:
                reasons.append(str(reason))
        if reasons:
            raise Unsound(" ".join(reasons))
        return tuple(found)

    def _named(self, text, parts, kind, now):
        mine = {part.key: part for part in parts.values() if part.edition_id == self.edition.pk}
        if text is None:
            if now is None:
                raise Unsound(_("A %(kind)s is needed too: a level holds on a track.") % {"kind": kind})
            if now.key not in mine:
                raise Unsound(
                    _("“%(now)s” is of another edition than %(edition)s: name the %(kind)s as well.")
                    % {"now": now.title, "edition": self.edition, "kind": kind}
                )
            return mine[now.key].pk
        wanted = loose(text)
        for part in mine.values():
            if wanted in (part.key, loose(part.title)):
                return part.pk
        there_are = ", ".join(sorted(part.title for part in mine.values()))
        if any(wanted in (part.key, loose(part.title)) for part in parts.values()):
            sentence = _("“%(text)s” is a %(kind)s of another edition; %(edition)s has: %(there)s.")
        else:
            sentence = _("“%(text)s” is no %(kind)s of %(edition)s, which has: %(there)s.")
        raise Unsound(sentence % {"text": text, "kind": kind, "edition": self.edition, "there": there_are})


def spelt(day):
    """Return a day as it is said in a sentence."""
    return date_format(day, "j F Y")
