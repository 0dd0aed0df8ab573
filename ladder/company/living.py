"""Living through what a company file tells: each thing again, on its day, by whoever did it.

A happening is a transition of the domain under the clock of its instant. The loader obeys the
rules that people obey, and the trail reads as it would have been written at the time.
"""

import re
from datetime import datetime, time, timedelta
from functools import partial

from django.utils import timezone
from django.utils.formats import date_format

from competencies.access.clock import standing_at, today
from competencies.evidence.models import Evidence
from competencies.framework.loading import load
from competencies.framework.models import Edition
from competencies.packets.models import Packet
from competencies.people.models import Organisation, Person
from competencies.promotions.models import PromotionCase
from competencies.reviews.models import Cycle
from competencies.reviews.opening import open_cycle
from competencies.trail.models import record
from ladder import typesetting

from .reading import UNANSWERED, plain

RECALL = timedelta(days=200)
NAMED = re.compile(r"\{(month|period):(-?\d+)\}")
FORMATS = {"month": "F", "period": "F Y"}


class Life:
    """The happenings of a company in the order of time, and the rows that they made so far."""

    def __init__(self, spec, framework, *, today):
        self.spec, self.framework, self.today = spec, framework, today
        self.happenings = []
        self.people, self.logged, self.pieces = {}, {}, {}
        self.cycles, self.assessments, self.cases = {}, {}, {}
        self.organisation = None

    def plan(self):
        """Put down every happening with its instant; nothing is written yet."""
        self._then(self.spec.introduced, "07:00", self._found)
        for key, person in self.spec.people.items():
            self._plan_person(key, person)
        for key, pieces in self.spec.evidence.items():
            for piece in pieces:
                self._then(piece.on, "17:00", self._log, key, piece)
        for number, cycle in enumerate(self.spec.cycles):
            self._plan_cycle(number, cycle)
        for number, case in enumerate(self.spec.cases):
            self._plan_case(number, case)

    def happen(self):
        """Let everything happen, earliest first; what falls on one instant, in the order of the file."""
        for instant, _number, act in sorted(self.happenings, key=lambda happening: happening[:2]):
            with standing_at(instant):
                act()
        self._open_to_visitors()

    def day(self, offset):
        """Return the working day `offset` days from today: a weekend falls back to its Friday."""
        day = self.today + timedelta(days=offset)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def instant(self, offset, clock):
        return timezone.make_aware(datetime.combine(self.day(offset), time.fromisoformat(clock)))

    def said(self, text):
        """Return `text` with its months named."""
        return NAMED.sub(lambda found: date_format(self.day(int(found[2])), FORMATS[found[1]]), text)

    def _then(self, offset, clock, act, *given, after=0):
        """Put down that `act` happens `after` minutes past `clock` on the day `offset`."""
        instant = self.instant(offset, clock) + timedelta(minutes=after)
        self.happenings.append((instant, len(self.happenings), partial(act, *given)))

    # People

    def _plan_person(self, key, person):
        begin = max(person.joined, self.spec.introduced)
        self._then(begin, "08:00", self._welcome, key, person)
        if person.manager:
            self._then(begin, "09:00", self._report, key, person.manager, person.joined)
        if person.place:
            self._then(begin, "09:30", self._place, key, person.place)
        for move in person.moves:
            self._then(move.on, "09:00", self._report, key, move.manager, move.on)

    def _found(self):
        self.organisation = Organisation.here()
        self.organisation.name = self.spec.name
        self.organisation.save()
        self.edition = load(self.framework, file="backend.yaml", by=None)
        record("organisation.founded", self.organisation, by=None)
        self.levels = {level.key: level for level in self.edition.level_set.all()}
        self.tracks = {track.key: track for track in self.edition.track_set.all()}
        by_key = {competency.key: competency for competency in self.edition.competency_set.all()}
        self.competencies = {short: by_key[key] for short, key in self.spec.competencies.items()}
        points = {point.key: point for point in self.edition.scale.points.all()}
        self.marks = {mark: points[key] for mark, key in self.spec.marks.items()} | {UNANSWERED: None}

    def _welcome(self, key, spec):
        founder = spec.joined <= self.spec.introduced
        person = Person.welcome(
            by=None if founder else self._hr(),
            email=spec.email,
            name=spec.name,
            title=spec.title,
            team=spec.team,
            pronouns=spec.pronouns,
            joined_on=self.day(spec.joined),
        )
        self.people[key] = person
        for role in spec.roles:
            person.grant(role, by=None if founder else self._hr())
        if "author" in spec.roles and Edition.objects.in_force() is None:
            self.edition.publish(by=person)
            self.edition = Edition.objects.in_force()

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

    def _log(self, key, spec):
        piece = Evidence.log(
            self.people[key],
            by=self.people[spec.by or key],
            happened_on=self.day(spec.on),
            kind=spec.kind,
            title=self.said(spec.title),
            text=self.said(spec.text),
            link=spec.link,
            competencies=[self.competencies[tag] for tag in spec.tags],
        )
        self.logged.setdefault(key, []).append((piece, set(spec.tags)))
        if spec.key:
            self.pieces[spec.key] = piece

    # Reviews

    def _plan_cycle(self, number, spec):
        self._then(spec.prepared, "10:00", self._prepare, number, spec)
        self._then(spec.opened, "08:00", self._open, number, spec)
        for place, (key, review) in enumerate(spec.reviews.items()):
            if review.aim:
                self._then(spec.opened, "08:30", self._aim, number, key, review.aim)
            for side in ("self", "manager"):
                if assessment := getattr(review, side):
                    self._plan_assessment(number, key, side, assessment, after=place)
            self._plan_closing_talk(number, key, review)
        if spec.closed:
            self._then(spec.closed, "18:00", self._close, number, spec)

    def _plan_assessment(self, number, key, side, spec, *, after):
        answers = zip(self.spec.competencies, plain(spec.marks), strict=True)
        given = [(short, mark) for short, mark in answers if mark != UNANSWERED or short in spec.says]
        for place, (short, mark) in enumerate(given):
            text = spec.says.get(short, "")
            self._then(
                spec.on, "09:00", self._rate, number, key, side, short, mark, text, after=after + 6 * place
            )
        if spec.handed_in:
            self._then(spec.handed_in, "13:00", self._submit, number, key, side, after=after)

    def _plan_closing_talk(self, number, key, review):
        if review.discussed:
            self._then(review.discussed, "15:00", self._discuss, number, key)
        if review.signed_by_subject:
            self._then(review.signed_by_subject, "15:30", self._sign, number, key, "subject")
        if review.signed_by_manager:
            self._then(review.signed_by_manager, "16:00", self._sign, number, key, "manager")
        if review.reopened:
            self._then(review.reopened.on, "16:30", self._reopen, number, key, review.reopened)

    def _prepare(self, number, spec):
        self.cycles[number] = Cycle.prepare(
            by=self.people[spec.by],
            name=self.said(spec.name),
            edition=self.edition,
            self_due_at=self.instant(spec.self_due, "17:00"),
            manager_due_at=self.instant(spec.manager_due, "17:00"),
        )

    def _open(self, number, spec):
        open_cycle(self.cycles[number], by=self.people[spec.by])

    def _close(self, number, spec):
        self.cycles[number].close(by=self.people[spec.by])

    def _review(self, number, key):
        return self.cycles[number].reviews.select_related("subject", "manager").get(subject=self.people[key])

    def _assessment(self, number, key, side):
        if (number, key, side) not in self.assessments:
            rows = self._review(number, key).assessments.select_related("author", "review__level")
            self.assessments[number, key, side] = rows.get(kind=side)
        return self.assessments[number, key, side]

    def _aim(self, number, key, level):
        review = self._review(number, key)
        review.aim(self.levels[level], by=review.manager)

    def _rate(self, number, key, side, short, mark, text):
        assessment = self._assessment(number, key, side)
        assessment.rate(
            self.competencies[short],
            by=assessment.author,
            version=0,
            point=self.marks[mark],
            comment=self.said(text),
            evidence=self._seen(key, short) or None,
        )

    def _seen(self, key, short):
        """Return what was logged lately about one competency: the pieces that a rating rests on."""
        since = today() - RECALL
        logged = self.logged.get(key, ())
        return [piece for piece, tags in logged if short in tags and piece.happened_on > since]

    def _submit(self, number, key, side):
        assessment = self._assessment(number, key, side)
        assessment.submit(by=assessment.author)

    def _discuss(self, number, key):
        review = self._review(number, key)
        review.discuss(by=review.manager)

    def _sign(self, number, key, side):
        review = self._review(number, key)
        review.sign(by=getattr(review, side))

    def _reopen(self, number, key, spec):
        self._assessment(number, key, spec.side).reopen(by=self.people[spec.by], reason=spec.reason)

    # Promotions

    def _plan_case(self, number, spec):
        self._then(spec.opened, "10:00", self._nominate, number, spec)
        self._then(spec.written, "11:00", self._choose, number, spec)
        for place, (kind, text) in enumerate(spec.statements.items()):
            self._then(spec.written, "11:05", self._state, number, kind, text, after=9 * place)
        for place, claim in enumerate(spec.claims):
            self._then(spec.written, "13:00", self._claim, number, claim, after=7 * place)
        for place, story in enumerate(spec.stories):
            self._then(spec.written, "14:00", self._tell, number, story, after=25 * place)
        if spec.proposed:
            self._then(spec.proposed, "15:00", self._propose, number)
        if spec.decision:
            self._then(spec.decision.on, "15:30", self._decide, number, spec.decision)
        if spec.frozen:
            self._then(spec.frozen, "16:30", self._freeze, number, spec)

    def _nominate(self, number, spec):
        self.cases[number] = PromotionCase.nominate(
            self.people[spec.subject],
            self.levels[spec.to],
            by=self.people[spec.sponsor],
            wanted_from=spec.wanted_from and self.day(spec.wanted_from),
        )

    def _choose(self, number, spec):
        left_out = {self.pieces[key].pk for key in spec.leave_out}
        pieces = [piece for piece, _tags in self.logged[spec.subject] if piece.pk not in left_out]
        self.cases[number].choose(pieces, by=self.cases[number].sponsor)

    def _state(self, number, kind, text):
        statement = self.cases[number].statements.select_related("case").get(kind=kind)
        statement.write(self.said(text), by=self.cases[number].sponsor, version=0)

    def _claim(self, number, spec):
        case = self.cases[number]
        case.claim(
            self.competencies[spec.competency],
            by=case.sponsor,
            text=self.said(spec.text),
            result=self.said(spec.result),
        )

    def _tell(self, number, spec):
        case = self.cases[number]
        case.tell(
            by=case.sponsor,
            title=self.said(spec.title),
            competencies=[self.competencies[short] for short in spec.competencies],
            evidence=[self.pieces[key] for key in spec.evidence],
            **{part: self.said(text) for part, text in spec.texts.items()},
        )

    def _propose(self, number):
        self.cases[number].propose(by=self.cases[number].sponsor)

    def _decide(self, number, spec):
        self.cases[number].decide(
            spec.outcome,
            by=self.people[spec.by],
            rationale=self.said(spec.rationale),
            feedback=self.said(spec.feedback),
            look_again_on=spec.look_again and self.day(spec.look_again),
            effective_on=spec.effective and self.day(spec.effective),
        )

    def _freeze(self, number, spec):
        case = PromotionCase.objects.get(pk=self.cases[number].pk)
        by = self.people[spec.decision.by] if spec.decision else case.sponsor
        for variant in Packet.Variant.values:
            typesetting.freeze(case, by=by, variant=variant)

    def _open_to_visitors(self):
        """Let visitors step in as the personas of the file."""
        self.organisation.demo = True
        self.organisation.personas = [
            {"person": self.people[persona.person].pk, "what": persona.what} for persona in self.spec.personas
        ]
        self.organisation.save()
