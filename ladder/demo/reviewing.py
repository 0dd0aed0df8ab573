"""One cycle of reviews, lived through."""

from datetime import timedelta

from competencies.core.clock import today
from competencies.reviews.models import Assessment, Cycle
from competencies.reviews.opening import open_cycle

from .parser import UNANSWERED, plain

RECALL = timedelta(days=200)


class Reviewing:
    """What happens in a cycle: `plan` puts it down, the timeline lets it happen."""

    cycle: Cycle  # from its preparation on

    def __init__(self, timeline, spec):
        self.timeline, self.spec = timeline, spec
        self.assessments: dict[tuple[str, str], Assessment] = {}

    def plan(self):
        self.timeline.then(self.spec.prepared, "10:00", self._prepare)
        self.timeline.then(self.spec.opened, "08:00", self._open)
        for place, (key, review) in enumerate(self.spec.reviews.items()):
            if review.aim:
                self.timeline.then(self.spec.opened, "08:30", self._aim, key, review.aim)
            for side in ("self", "manager"):
                if assessment := getattr(review, side):
                    self._plan_assessment(key, side, assessment, after=place)
            self._plan_talk(key, review)
        if self.spec.closed:
            self.timeline.then(self.spec.closed, "18:00", self._close)

    def _plan_assessment(self, key, side, spec, *, after):
        answers = zip(self.timeline.spec.competencies, plain(spec.marks), strict=True)
        given = [(short, mark) for short, mark in answers if mark != UNANSWERED or short in spec.says]
        for place, (short, mark) in enumerate(given):
            text = spec.says.get(short, "")
            self.timeline.then(
                spec.on, "09:00", self._rate, key, side, short, mark, text, after=after + 6 * place
            )
        if spec.handed_in:
            self.timeline.then(spec.handed_in, "13:00", self._submit, key, side, after=after)

    def _plan_talk(self, key, review):
        if review.discussed:
            self.timeline.then(review.discussed, "15:00", self._discuss, key)
        if review.signed_by_subject:
            self.timeline.then(review.signed_by_subject, "15:30", self._sign, key, "subject")
        if review.signed_by_manager:
            self.timeline.then(review.signed_by_manager, "16:00", self._sign, key, "manager")
        if review.reopened:
            self.timeline.then(review.reopened.on, "16:30", self._reopen, key, review.reopened)

    def _prepare(self):
        self.cycle = Cycle.prepare(
            by=self._hr,
            name=self.timeline.dated(self.spec.name),
            editions=[self.timeline.edition],
            self_due_at=self.timeline.instant(self.spec.self_due, "17:00"),
            manager_due_at=self.timeline.instant(self.spec.manager_due, "17:00"),
        )

    def _open(self):
        open_cycle(self.cycle, by=self._hr)

    def _close(self):
        self.cycle.close(by=self._hr)

    @property
    def _hr(self):
        return self.timeline.people[self.spec.by]

    def _review(self, key):
        reviews = self.cycle.reviews.select_related("subject", "manager")
        return reviews.get(subject=self.timeline.people[key])

    def _assessment(self, key, side):
        if (key, side) not in self.assessments:
            rows = self._review(key).assessments.select_related("author", "review__level")
            self.assessments[key, side] = rows.get(kind=side)
        return self.assessments[key, side]

    def _aim(self, key, level):
        review = self._review(key)
        review.aim(self.timeline.levels[level], by=review.manager)

    def _rate(self, key, side, short, mark, text):
        assessment = self._assessment(key, side)
        assessment.rate(
            self.timeline.competencies[short],
            by=assessment.author,
            version=0,
            point=self.timeline.marks[mark],
            comment=self.timeline.dated(text),
            evidence=self._seen(key, short) or None,
        )

    def _seen(self, key, short):
        """Return what was logged lately about one competency: the pieces that a rating rests on."""
        since = today() - RECALL
        logged = self.timeline.logged.get(key, ())
        return [piece for piece, tags in logged if short in tags and piece.happened_on > since]

    def _submit(self, key, side):
        assessment = self._assessment(key, side)
        assessment.submit(by=assessment.author)

    def _discuss(self, key):
        review = self._review(key)
        review.discuss(by=review.manager)

    def _sign(self, key, side):
        review = self._review(key)
        review.sign(by=getattr(review, side))

    def _reopen(self, key, spec):
        self._assessment(key, spec.side).reopen(by=self.timeline.people[spec.by], reason=spec.reason)
