"""One case before a committee, lived through: ballots, what was said, the decision and its release."""

from competencies.packets.convening import convene
from competencies.packets.releasing import release
from competencies.promotions.models import Committee, Hearing


def seat(timeline, spec):
    """Found a committee and give its people their seats."""
    by = timeline.people[spec.by]
    committee = Committee.found(timeline.dated(spec.name), by=by)
    for key in spec.seats:
        committee.seat(timeline.people[key], by=by, chair=key == spec.chair)
    return committee


class Hearings:
    """What happens to a case before a committee; `find` returns the case when it is needed."""

    hearing: Hearing  # from the day on which it is convened

    def __init__(self, timeline, spec, find):
        self.timeline, self.spec, self.find = timeline, spec, find

    def plan(self):
        spec, then = self.spec, self.timeline.then
        then(spec.on, "15:30", self._convene)
        for place, unmasked in enumerate(spec.unmasked):
            then(unmasked.on, "08:30", self._unmask, unmasked, after=3 * place)
        for place, aside in enumerate(spec.aside):
            then(aside.on, "09:10", self._step_aside, aside, after=4 * place)
        for place, ballot in enumerate(spec.ballots):
            then(ballot.on, "10:00", self._vote, ballot, after=7 * place)
        for place, remark in enumerate(spec.remarks):
            then(remark.on, "13:00", self._remark, remark, after=9 * place)
        if spec.decision:
            then(spec.decision.on, "15:00", self._decide, spec.decision)
        if spec.decision and spec.decision.released:
            then(spec.decision.released, "16:00", self._release, spec.decision)

    @property
    def row(self):
        return Hearing.objects.with_related().get(pk=self.hearing.pk)

    def _convene(self):
        committee = self.timeline.committees[self.spec.committee]
        by = self.timeline.people[self.spec.by]
        self.hearing = convene(self.find(), committee, by=by, masked=self.spec.masked)

    def _unmask(self, spec):
        self.row.unmask(self.timeline.dated(spec.text), by=self.timeline.people[spec.person])

    def _step_aside(self, spec):
        self.row.step_aside(self.timeline.dated(spec.text), by=self.timeline.people[spec.person])

    def _vote(self, spec):
        by = self.timeline.people[spec.person]
        notes = {
            self.timeline.competencies[short].key: self.timeline.dated(text)
            for short, text in spec.notes.items()
        }
        self.row.write(
            by=by, version=0, vote=spec.vote, reason=self.timeline.dated(spec.reason), per_competency=notes
        )
        if spec.cast:
            self.row.cast(by=by)

    def _remark(self, spec):
        self.row.remark(self.timeline.dated(spec.text), by=self.timeline.people[spec.person])

    def _decide(self, spec):
        self.row.decide(
            spec.outcome,
            by=self.timeline.people[spec.by],
            rationale=self.timeline.dated(spec.rationale),
            feedback=self.timeline.dated(spec.feedback),
            conditions=self.timeline.dated(spec.conditions),
            look_again_on=spec.look_again and self.timeline.day(spec.look_again),
            effective_on=spec.effective and self.timeline.day(spec.effective),
        )

    def _release(self, spec):
        release([self.row.decision], by=self.timeline.people[self.spec.by])
