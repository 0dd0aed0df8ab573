"""Living through what a company file tells: each thing again, on its day, by whoever did it.

A happening is a transition of the domain under the clock of its instant. The loader obeys the
rules that people obey, and the trail reads as it would have been written at the time.
"""

import re
from datetime import datetime, time, timedelta
from functools import partial

from django.utils import timezone
from django.utils.formats import date_format

from competencies.core.clock import standing_at
from competencies.evidence.models import Evidence
from competencies.framework.loading import load
from competencies.framework.models import Edition
from competencies.people.models import Organisation, Person
from competencies.personal_data.models import Export
from competencies.trail.models import record

from .hearing import seat
from .parser import UNANSWERED
from .promoting import Promoting
from .reviewing import Reviewing

NAMED = re.compile(r"\{(month|period):(-?\d+)\}")
FORMATS = {"month": "F", "period": "F Y"}


class Timeline:
    """The happenings of a company in the order of time, and the rows that they made so far."""

    def __init__(self, spec, framework, *, today):
        self.spec, self.framework, self.today = spec, framework, today
        self.happenings = []
        self.people, self.logged, self.pieces, self.committees = {}, {}, {}, {}

    def plan(self):
        """Put down every happening with its instant; nothing is written yet."""
        self.then(self.spec.introduced, "07:00", self._found)
        for key, person in self.spec.people.items():
            self._plan_person(key, person)
        for key, pieces in self.spec.evidence.items():
            for piece in pieces:
                self.then(piece.on, "17:00", self._log, key, piece)
        for cycle in self.spec.cycles:
            Reviewing(self, cycle).plan()
        for key, committee in self.spec.committees.items():
            self.then(committee.founded, "09:15", self._seat, key, committee)
        for case in self.spec.cases:
            Promoting(self, case).plan()
        for copy in self.spec.copies:
            self.then(copy.on, "16:30", self._order_copy, copy)

    def happen(self):
        """Let everything happen, earliest first; what falls on one instant, in the order of the file."""
        for instant, _number, act in sorted(self.happenings, key=lambda happening: happening[:2]):
            with standing_at(instant):
                act()
        self._open_to_visitors()

    def then(self, offset, clock, act, *given, after=0):
        """Put down that `act` happens `after` minutes past `clock` on the day `offset`."""
        instant = self.instant(offset, clock) + timedelta(minutes=after)
        self.happenings.append((instant, len(self.happenings), partial(act, *given)))

    def day(self, offset):
        """Return the working day `offset` days from today: a weekend falls back to its Friday."""
        day = self.today + timedelta(days=offset)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def instant(self, offset, clock):
        """Return the instant of a time such as `"09:30"` on the day `offset`, in the organisation's zone."""
        return timezone.make_aware(datetime.combine(self.day(offset), time.fromisoformat(clock)))

    def dated(self, text):
        """Return `text` with its months named."""
        return NAMED.sub(lambda found: date_format(self.day(int(found[2])), FORMATS[found[1]]), text)

    def _plan_person(self, key, person):
        begin = max(person.joined, self.spec.introduced)
        self.then(begin, "08:00", self._welcome, key, person)
        if person.manager:
            self.then(begin, "09:00", self._report, key, person.manager, person.joined)
        if person.place:
            self.then(begin, "09:30", self._place, key, person.place)
        for move in person.moves:
            self.then(move.on, "09:00", self._report, key, move.manager, move.on)

    def _found(self):
        self.organisation = Organisation.here()
        self.organisation.name = self.spec.name
        self.organisation.save()
        record("organisation.founded", self.organisation, by=None)
        self.edition = load(self.framework, file="the framework of the company", by=None)
        self.levels = {level.key: level for level in self.edition.level_set.all()}
        self.tracks = {track.key: track for track in self.edition.track_set.all()}
        by_key = {competency.key: competency for competency in self.edition.competency_set.all()}
        self.competencies = {short: by_key[key] for short, key in self.spec.competencies.items()}
        points = {point.key: point for point in self.edition.scale.points.all()}
        self.marks = {mark: points[key] for mark, key in self.spec.marks.items()} | {UNANSWERED: None}

    def _welcome(self, key, spec):
        """Take in somebody: the first ones by a command on the server, since nobody is there yet."""
        by = None if spec.joined <= self.spec.introduced else self._hr()
        person = Person.welcome(
            by=by,
            email=spec.email,
            name=spec.name,
            title=spec.title,
            team=spec.team,
            pronouns=spec.pronouns,
            joined_on=self.day(spec.joined),
        )
        for role in spec.roles:
            person.grant(role, by=by)
        if "author" in spec.roles and self.edition.state == "draft":
            self.edition.publish(by=person)
            self.edition = Edition.objects.with_standing().get(pk=self.edition.pk)
        self.people[key] = person

    def _report(self, key, manager, since):
        person = self.people[key]
        person.report_to(self.people[manager], starts_on=self.day(since), by=self._hr(but=key))

    def _place(self, key, place):
        self.people[key].place(
            track=self.tracks[place.track],
            level=self.levels[place.level],
            starts_on=self.day(place.since),
            by=self._hr(but=key),
        )

    def _hr(self, but=None):
        """Return the first person with HR rights, `but` the one whom it concerns."""
        keys = [key for key, person in self.spec.people.items() if "hr" in person.roles and key != but]
        return self.people[keys[0]]

    def _seat(self, key, spec):
        self.committees[key] = seat(self, spec)

    def _log(self, key, spec):
        piece = Evidence.log(
            self.people[key],
            by=self.people[spec.by or key],
            happened_on=self.day(spec.on),
            kind=spec.kind,
            title=self.dated(spec.title),
            text=self.dated(spec.text),
            link=spec.link,
            competencies=[self.competencies[tag] for tag in spec.tags],
        )
        self.logged.setdefault(key, []).append((piece, set(spec.tags)))
        if spec.key:
            self.pieces[spec.key] = piece

    def _order_copy(self, spec):
        """Order a copy of a record that came to nothing: what failed is shown with the way to try again."""
        Export.order(self.people[spec.person], by=self.people[spec.by]).fail(spec.failure)

    def _open_to_visitors(self):
        """Let visitors step in as the personas of the file."""
        self.organisation.demo = True
        self.organisation.personas = [
            {"person": self.people[persona.person].pk, "what": persona.what} for persona in self.spec.personas
        ]
        self.organisation.save()
