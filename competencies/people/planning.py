"""What an import would do: people as they stand beside what a file says of them, and a verdict a row.

Nothing is written here, and nothing is asked per row: a handful of queries read everybody, the rest
happens in memory. Reporting lines are looked at last and together, over file and database and over
time, because whether one is sound depends on all the others.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.access.clock import today
from competencies.framework.models import Edition, Level, Track

from .chains import DEEPEST
from .mapping import COLUMNS, DESCRIBING, Reader
from .models import Person, Placement, ReportingLine

ROUNDS = 12
TOLD_EVERY = 500
CREATE, CHANGE, END, UNCHANGED, REFUSED = "create", "change", "end", "unchanged", "refused"


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


class Unsound(Exception):
    """What a row asks cannot be; `str()` says why."""


TOLD_BY = ("number", "email", "name")


class World:
    """Everybody as they stand now, and what `by` may do with them. Eleven queries, however many there are."""

    def __init__(self, by):
        self.by, self.today = by, today()
        self.people = {row[0]: Known(*row) for row in Person.objects.order_by().values_list(*Known._fields)}
        self.by_number = {row.number: row.pk for row in self.people.values() if row.number}
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
        wanted = text.casefold()
        for part in mine.values():
            if wanted in (part.key.casefold(), part.title.casefold()):
                return part.pk
        there_are = ", ".join(sorted(part.title for part in mine.values()))
        if any(wanted in (part.key.casefold(), part.title.casefold()) for part in parts.values()):
            sentence = _("“%(text)s” is a %(kind)s of another edition; %(edition)s has: %(there)s.")
        else:
            sentence = _("“%(text)s” is no %(kind)s of %(edition)s, which has: %(there)s.")
        raise Unsound(sentence % {"text": text, "kind": kind, "edition": self.edition, "there": there_are})


@dataclass(slots=True)
class Subject:
    """One person that the file speaks of, on one line or several, and what would become of them.

    `key` is the id of somebody who is here, below zero for somebody new, and None where it cannot be
    told who is meant. `acts` are the transitions in order: `(verb, …)`. One that is not `readable` is
    refused for what its rows are, and what they ask is not looked at; others hear all reasons at once.
    """

    key: int | None
    known: Known | None
    said: list
    reasons: list = field(default_factory=list)
    readable: bool = True
    wanted: dict = field(default_factory=dict)
    leaves_on: date | None = None
    lines: list = field(default_factory=list)
    placements: list = field(default_factory=list)
    acts: list = field(default_factory=list)
    changes: dict = field(default_factory=lambda: defaultdict(list))
    needs: set = field(default_factory=set)

    @property
    def is_new(self):
        return self.known is None

    @property
    def name(self):
        return self.wanted.get("name") or (self.known and self.known.name) or self.label

    @property
    def label(self):
        return self.wanted.get("email") or self.wanted.get("number") or ""

    @property
    def comes_back(self):
        return any(act[0] == "rejoin" for act in self.acts)

    @property
    def joined_on(self):
        return self.wanted.get("joined_on") or (self.known and self.known.joined_on)

    def change(self, line, key, before, after):
        self.changes[line].append([key, _written(before), _written(after)])


def _written(value):
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True)
class Verdict:
    """What an import would do with one row; `line` 0 for somebody whom the file does not name."""

    line: int
    kind: str
    person: int | None
    name: str
    changes: list
    reasons: list


@dataclass
class Plan:
    """The subjects of a file, a `Verdict` a row in the order of the lines, and the world they stand in."""

    world: World
    subjects: list
    verdicts: list

    @property
    def counts(self):
        counts = Counter(verdict.kind for verdict in self.verdicts)
        return {kind: counts[kind] for kind in (CREATE, CHANGE, END, UNCHANGED, REFUSED)} | {
            "absent": sum(verdict.line == 0 for verdict in self.verdicts),
            "here": sum(
                row.leaves_on is None or row.leaves_on > self.world.today
                for row in self.world.people.values()
            ),
        }

    def accepted(self):
        return [subject for subject in self.subjects if subject.acts and not subject.reasons]


def plan(rows, mapping, *, by, tell=lambda percent: None):
    """Take rows (`[line, cell, …]`) and what their columns mean; return the `Plan` of `by`.

    `mapping` is `{"columns": {key: place from 0}, "dates": "iso" | "dmy" | "mdy", "leavers": bool}`;
    with `leavers`, whoever is here and not in the file leaves today. `tell` hears how far it is.
    """
    world = World(by)
    tell(15)
    reader = Reader(mapping)
    subjects = _subjects([reader.said(row) for row in rows], world)
    tell(30)
    _unique(subjects)
    for number, subject in enumerate(subjects):
        if subject.readable:
            _describe(subject, world)
            _leave(subject, world, reads_leaving={"last_day", "gone_from"} & set(mapping["columns"]))
            _place(subject, world)
        if number % TOLD_EVERY == 0:
            tell(30 + 40 * number // len(subjects))
    Lines(subjects, world).settle()
    tell(90)
    for subject in subjects:
        if not subject.reasons:
            _finish(subject, world)
    if mapping.get("leavers"):
        subjects += _absent(subjects, world)
    return Plan(world, subjects, _verdicts(subjects))


def _subjects(rows, world):
    """Gather the rows by whom they are about, known by staff number first, then by email."""
    subjects, found, numbers, emails = [], {}, {}, {}
    for said in rows:
        number, email = said.values.get("number"), said.values.get("email")
        one, other = world.by_number.get(number), world.by_email.get(email)
        reason = _who(number, email, one, other, world)
        key = one or other
        if reason or (said.faults and key is None):
            subject = None
        elif key is not None:
            subject = found.get(key)
        else:
            subject = numbers.get(number) if number else None
            if subject is None and (same := emails.get(email)) and not (number and "number" in same.wanted):
                subject = same
        if subject is None:
            known = world.people.get(key) if not reason else None
            subject = Subject(key if known else None if reason else -len(subjects) - 1, known, [])
            subjects.append(subject)
            if known:
                found[key] = subject
        subject.said.append(said)
        subject.reasons += ([reason] if reason else []) + said.faults
        for name in TOLD_BY:  # never as a set comes: the digest of a plan is made of the order
            if name in said.values:
                subject.wanted.setdefault(name, said.values[name])
        if subject.is_new and not reason:
            numbers |= {number: numbers.get(number, subject)} if number else {}
            emails |= {email: emails.get(email, subject)} if email else {}
    return subjects


def _who(number, email, one, other, world):
    """Say why it cannot be told whom a row is about, or nothing."""
    if number is None and email is None:
        return _("Neither staff number nor email: nobody can be told by this row.")
    if one and other and one != other:
        return _("Staff number %(number)s is %(one)s, but %(email)s is %(other)s.") % {
            "number": number,
            "one": world.name(one),
            "email": email,
            "other": world.name(other),
        }
    if other and not one and number and world.people[other].number:
        return _("%(email)s is %(other)s, whose staff number is %(number)s.") % {
            "email": email,
            "other": world.name(other),
            "number": world.people[other].number,
        }
    return ""


def _unique(subjects):
    """Refuse rows that say two things of one person, and two people with one email or number."""
    for subject in subjects:
        if len(subject.said) > 1 and subject.key is not None:
            subject.reasons += _at_odds(subject)
    for name, sentence in (
        ("email", _("Duplicate email: %(value)s stands for different people on the lines %(lines)s.")),
        (
            "number",
            _("Duplicate staff number: %(value)s stands for different people on the lines %(lines)s."),
        ),
    ):
        holders = defaultdict(list)
        for subject in subjects:
            if value := subject.wanted.get(name):
                holders[value].append(subject)
        for value, several in holders.items():
            if len(several) > 1:
                lines = _listed(said.line for subject in several for said in subject.said)
                for subject in several:
                    subject.reasons.append(sentence % {"value": value, "lines": lines})
    for subject in subjects:
        subject.readable = len(subject.reasons) == sum(len(said.faults) for said in subject.said)


def _at_odds(subject):
    """Return why several rows about one person cannot stand together: only dated history can."""
    lines = _listed(said.line for said in subject.said)
    differing = [
        key
        for key in (*DESCRIBING, "last_day", "gone_from")
        if len({said.values[key] for said in subject.said if key in said.values}) > 1
    ]
    if "email" in differing:
        return [_("Duplicate staff number: the lines %(lines)s give it different emails.") % {"lines": lines}]
    if differing:
        what = ", ".join(str(COLUMNS[key].label) for key in differing)
        return [
            _("The lines %(lines)s are about one person and differ in: %(what)s.")
            % {"lines": lines, "what": what}
        ]
    levels = [
        (said.values.get("level_from"), *_standing(said)) for said in subject.said if any(_standing(said))
    ]
    managers = [
        (said.values.get("line_from"), said.values["manager"])
        for said in subject.said
        if "manager" in said.values
    ]
    reasons = []
    if _clash(levels):
        reasons.append(
            _("Two open placements: the lines %(lines)s give different levels without a day each.")
            % {"lines": lines}
        )
    if _clash(managers):
        reasons.append(
            _("Two open reporting lines: the lines %(lines)s give different managers without a day each.")
            % {"lines": lines}
        )
    if not reasons and len(set(levels)) < 2 and len(set(managers)) < 2:
        reasons.append(_("The same person stands on the lines %(lines)s.") % {"lines": lines})
    return reasons


def _standing(said):
    return said.values.get("track"), said.values.get("level")


def _clash(dated):
    """Say whether different things are said of the same day, or of no day."""
    different = set(dated)
    days = [row[0] for row in different]
    return len(different) > 1 and (None in days or len(set(days)) < len(days))


def _describe(subject, world):
    """Say what is said of the person: who is new needs a name and an email."""
    for said in subject.said:
        for key in DESCRIBING:
            if key in said.values:
                subject.wanted[key] = said.values[key]
    first = subject.said[0].line
    if subject.is_new:
        for key in ("email", "name"):
            if key not in subject.wanted and not any(key in said.spoilt for said in subject.said):
                subject.reasons.append(
                    _("Nobody here is known by this, and somebody new needs: %(what)s.")
                    % {"what": COLUMNS[key].label}
                )
        subject.acts.append(("welcome",))
        for key, value in subject.wanted.items():
            subject.change(first, key, None, value)
        return
    changed = [key for key, value in subject.wanted.items() if getattr(subject.known, key) != value]
    if changed and subject.key not in world.may_describe:
        subject.reasons.append(_("Nothing about %(name)s can be changed.") % {"name": subject.known.name})
    if changed:
        subject.acts.append(("describe", tuple(sorted(changed))))
    for key in changed:
        subject.change(first, key, getattr(subject.known, key), subject.wanted[key])


def _leave(subject, world, *, reads_leaving):
    """Say from when the person is gone; refuse to take back who left, but for whom an undoing took out."""
    subject.leaves_on = subject.known and subject.known.leaves_on
    day = next((_gone_from(said) for said in subject.said if _gone_from(said)), None)
    first = subject.said[0].line
    if subject.leaves_on is None or subject.leaves_on == day:
        pass
    elif world.taken_out.get(subject.key) == subject.leaves_on and subject.key in world.may_readmit:
        subject.acts.append(("rejoin", subject.leaves_on))
        subject.change(first, "gone_from", subject.leaves_on, None)
        subject.leaves_on = None
    elif day is not None:
        subject.reasons.append(
            _("%(name)s is down as gone from %(known)s, the file says %(day)s: change it on their page.")
            % {"name": subject.known.name, "known": _day(subject.leaves_on), "day": _day(day)}
        )
    elif subject.leaves_on <= world.today and (reads_leaving or _moves(subject)):
        subject.reasons.append(
            _("%(name)s left on %(day)s: take them back on their page first.")
            % {"name": subject.known.name, "day": _day(subject.leaves_on)}
        )
    if day and subject.leaves_on is None and not subject.reasons:
        if subject.joined_on and day < subject.joined_on:
            subject.reasons.append(_("They only join on %(day)s.") % {"day": _day(subject.joined_on)})
        elif not subject.is_new and not _may_release(subject, world):
            subject.reasons.append(_("Nobody leaves by an import of their own."))
        subject.leaves_on = day


def _may_release(subject, world):
    back = subject.comes_back  # then the rule, which wants who is here, cannot see them yet
    return subject.key in world.may_release or (back and subject.key != world.by.pk)


def _gone_from(said):
    last = said.values.get("last_day")
    return last + timedelta(days=1) if last else said.values.get("gone_from")


def _moves(subject):
    return any({"manager", "track", "level"} & set(said.values) for said in subject.said)


def _place(subject, world):
    subject.placements = list(world.placements.get(subject.key, ()))
    wanted = [(said.values.get("level_from"), said) for said in subject.said if any(_standing(said))]
    for day, said in _in_order(wanted):
        try:
            if (from_day := _beginning(subject, day, world)) is None:
                continue
            before = _at(subject.placements, from_day)
            what = world.ladder.wanted(*_standing(said), before)
            if before and world.ladder.keys(what) == world.ladder.keys(before):
                continue
            _check_mine(subject, world)
            subject.placements = begin(subject.placements, from_day, what, world.today)
        except Unsound as reason:
            subject.reasons.append(str(reason))
            continue
        subject.acts.append(("place", what, from_day))
        subject.change(said.line, "level", before and world.ladder.said(before), world.ladder.said(what))
        subject.change(said.line, "level_from", None, from_day)


def _in_order(dated):
    return sorted(dated, key=lambda row: row[0] or date.max)


def _beginning(subject, day, world):
    """Return the day from which something holds that is dated so, or not; None when they are gone by today.

    Refuses with `Unsound` a day that is said and on which they are gone.
    """
    from_day = day or max(world.today, subject.joined_on or world.today)
    if subject.leaves_on is None or from_day < subject.leaves_on:
        return from_day
    if day is None:
        return None
    raise Unsound(_("They are no longer here on %(day)s.") % {"day": _day(day)})


def _at(spans, day):
    return next((span.what for span in spans if span.holds_on(day)), None)


def _check_mine(subject, world):
    if subject.is_new or subject.key in world.may_place:
        return
    if subject.key == world.by.pk:
        raise Unsound(_("Your own manager and level are for somebody else of HR to change."))
    raise Unsound(_("You may not move %(name)s.") % {"name": subject.known.name})


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
            % {"day": _day(begun[-1].starts_on)}
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


class Lines:
    """The reporting lines of all subjects together: unknown managers, leavers and circles are refused."""

    def __init__(self, subjects, world):
        self.world = world
        self.subjects = [subject for subject in subjects if subject.key is not None]
        self.by_key = {subject.key: subject for subject in self.subjects}
        self.in_file = {}
        for subject in self.subjects:
            for name in ("number", "email"):
                if value := subject.wanted.get(name):
                    self.in_file.setdefault(value, subject)

    def settle(self):
        """Refuse what cannot be, and with it the rows that rest on it, until nothing more falls."""
        for subject in self.subjects:
            subject.lines = list(self.world.lines.get(subject.key, ()))
            if subject.readable:
                self._move(subject)
        self._fall([subject for subject in self.subjects if subject.reasons])
        for _round in range(ROUNDS):
            if not (closing := self._circles()):
                return
            self._refuse(closing)
        moving = [subject for subject in self.subjects if not subject.reasons and _is_moved(subject)]
        self._refuse(
            [(subject, _("The lines of this file close circle after circle.")) for subject in moving]
        )

    def _move(self, subject):
        wanted = [(said.values.get("line_from"), said) for said in subject.said if "manager" in said.values]
        for day, said in _in_order(wanted):
            try:
                if (from_day := _beginning(subject, day, self.world)) is None:
                    continue
                manager, resting_on = self._named(said.values["manager"], subject)
                before = _at(subject.lines, from_day)
                if before == manager:
                    continue
                _check_mine(subject, self.world)
                self._check_here(manager, from_day)
                subject.lines = begin(subject.lines, from_day, manager, self.world.today)
            except Unsound as reason:
                subject.reasons.append(str(reason))
                continue
            if resting_on:
                subject.needs.add(resting_on.key)
            subject.acts.append(("report_to", manager, from_day))
            subject.change(said.line, "manager", before and self._name(before), self._name(manager))
            subject.change(said.line, "line_from", None, from_day)

    def _named(self, text, subject):
        """Return the key of the manager, and the subject by which alone the file names them, or None."""
        world, lower = self.world, text.lower()
        key = world.by_email.get(lower) if "@" in text else world.by_number.get(text)
        named = None
        if key is None and (named := self.in_file.get(lower if "@" in text else text)):
            key = named.key
        if key is None:
            raise Unsound(_("Unknown manager: nobody here or in the file has “%(text)s”.") % {"text": text})
        if key == subject.key:
            raise Unsound(_("Nobody reports to themselves."))
        return key, named

    def _check_here(self, manager, day):
        subject = self.by_key.get(manager)
        trusted = subject is not None and not subject.reasons
        leaves_on = subject.leaves_on if trusted else manager > 0 and self.world.people[manager].leaves_on
        if leaves_on and leaves_on <= day:
            raise Unsound(
                _("The manager, %(name)s, is gone from %(day)s.")
                % {"name": self._name(manager), "day": _day(leaves_on)}
            )

    def _name(self, key):
        return self.by_key[key].name if key in self.by_key else self.world.name(key)

    def _fall(self, refused):
        """Refuse, too, everybody whose manager is known by a refused row alone."""
        resting = defaultdict(list)
        for subject in self.subjects:
            for key in subject.needs:
                resting[key].append(subject)
        while refused:
            fallen = refused.pop()
            for subject in resting[fallen.key]:
                if not subject.reasons:
                    subject.reasons.append(
                        _("The row of their manager, %(name)s (line %(line)d), is refused.")
                        % {"name": fallen.name, "line": fallen.said[0].line}
                    )
                    refused.append(subject)

    def _refuse(self, closing):
        for subject, reason in closing:
            subject.reasons.append(reason)
        self._fall([subject for subject, _reason in closing])

    def _circles(self):
        """Return `(subject, reason)` for every new line that leads back to its own beginning."""
        closing = []
        for subject in self.subjects:
            if subject.reasons or not _is_moved(subject):
                continue
            made = [line for line in subject.lines if line.pk is None]
            if reason := circle(subject.key, made, self._lines_of, self._name):
                closing.append((subject, reason))
        return closing

    def _lines_of(self, key):
        subject = self.by_key.get(key)
        return self.world.lines.get(key, ()) if subject is None or subject.reasons else subject.lines


def _is_moved(subject):
    return any(span.pk is None for span in subject.lines)


def circle(person, lines, lines_of, name):
    """Say why these `lines` of `person` cannot be: they lead back to them, or far too deep. Else nothing.

    Each is followed upwards for the time it holds, by whoever is the manager then: a circle that would
    only close next year is one, and two lines that never hold on the same day are none.
    """
    for line in lines:
        open_ends = [(line.what, line.starts_on, line.ends_on or date.max, (person,))]
        while open_ends:
            key, since, until, path = open_ends.pop()
            if key == person:
                return _said_circle([*path, person], name)
            if len(path) > DEEPEST:
                return _("The reporting line would be more than %(most)d deep.") % {"most": DEEPEST}
            if key in path:  # a circle of others, which they are told of
                continue
            for above in lines_of(key):
                begins, ends = max(since, above.starts_on), min(until, above.ends_on or date.max)
                if begins < ends:
                    open_ends.append((above.what, begins, ends, (*path, key)))
    return ""


def _said_circle(path, name):
    names = [name(key) for key in path[:6]] + ["…"] * (len(path) > 6)
    return _("Cycle in the reporting line: %(names)s.") % {"names": " → ".join(names)}


def _finish(subject, world):
    """Put leaving last: it ends the lines and placements that the other rows made."""
    left_before = subject.known.leaves_on if subject.known and not subject.comes_back else None
    if subject.leaves_on and subject.leaves_on != left_before:
        _end(subject, subject.said[0].line if subject.said else 0)


def _end(subject, line):
    subject.lines = end(subject.lines, subject.leaves_on)
    subject.placements = end(subject.placements, subject.leaves_on)
    subject.acts.append(("leave", subject.leaves_on))
    subject.change(line, "gone_from", None, subject.leaves_on)


def _absent(subjects, world):
    """Return a subject for everybody who is here and not in the file: they leave today.

    Never whoever imports, and nobody who only joins later or whose leaving is known.
    """
    named = {subject.key for subject in subjects}
    for subject in subjects:
        for said in subject.said:  # rows that were refused name people too
            named |= {
                world.by_number.get(said.values.get("number")),
                world.by_email.get(said.values.get("email")),
            }
    found = []
    for known in world.people.values():
        if known.pk in named or known.pk not in world.may_release or known.erased_at:
            continue
        if known.joined_on and known.joined_on > world.today:
            continue
        subject = Subject(known.pk, known, [], leaves_on=world.today)
        subject.lines = list(world.lines.get(known.pk, ()))
        subject.placements = list(world.placements.get(known.pk, ()))
        _end(subject, 0)
        found.append(subject)
    return found


def _verdicts(subjects):
    verdicts = []
    for subject in subjects:
        person = subject.key if subject.known else None
        for line in [said.line for said in subject.said] or [0]:
            changes = [] if subject.reasons else subject.changes.get(line, [])
            kind = _kind(subject, line, changes)
            verdicts.append(Verdict(line, kind, person, subject.name[:200], changes, subject.reasons))
    return sorted(verdicts, key=lambda verdict: (verdict.line == 0, verdict.line))


def _kind(subject, line, changes):
    if subject.reasons:
        return REFUSED
    if subject.is_new:
        return CREATE
    if not changes:
        return UNCHANGED
    leaves = any(key == "gone_from" and after for key, _before, after in changes)
    return END if leaves else CHANGE


def _listed(lines, most=5):
    lines = sorted(lines)
    if len(lines) > most:
        more = len(lines) - most
        return (
            ", ".join(map(str, lines[:most]))
            + " "
            + ngettext("and %(number)d more", "and %(number)d more", more) % {"number": more}
        )
    return ", ".join(map(str, lines))


def _day(day):
    return date_format(day, "j F Y")
