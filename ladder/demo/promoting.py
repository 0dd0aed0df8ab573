"""One promotion case, lived through."""

from competencies.promotions.models import EndorsementRequest, PromotionCase
from competencies.promotions.models.endorsement import ask
from competencies.reviews.models import Cycle

from .hearing import Hearings


class Promoting:
    """What happens to a case: `plan` puts it down, the timeline lets it happen."""

    case: PromotionCase  # from its nomination on

    def __init__(self, timeline, spec):
        self.timeline, self.spec = timeline, spec
        self.asked: dict[int, EndorsementRequest] = {}

    def plan(self):
        spec, then = self.spec, self.timeline.then
        then(spec.opened, "10:00", self._nominate)
        if spec.shared:
            then(spec.shared, "10:20", self._share)
        for place, asked in enumerate(spec.endorsements):
            then(asked.asked, "10:30", self._ask, place, asked, after=4 * place)
            if asked.answered:
                then(asked.answered, "12:00", self._answer, place, asked, after=11 * place)
        then(spec.written, "11:00", self._choose)
        for place, (kind, text) in enumerate(spec.statements.items()):
            then(spec.written, "11:05", self._state, kind, text, after=9 * place)
        for place, claim in enumerate(spec.claims):
            then(spec.written, "13:00", self._claim, claim, after=7 * place)
        for place, story in enumerate(spec.stories):
            then(spec.written, "14:00", self._tell, story, after=25 * place)
        if spec.proposed:
            then(spec.proposed, "15:00", self._propose)
        if spec.hearing:
            Hearings(self.timeline, spec.hearing, self._case).plan()

    @property
    def _sponsor(self):
        return self.timeline.people[self.spec.sponsor]

    def _nominate(self):
        self.case = PromotionCase.nominate(
            self.timeline.people[self.spec.subject],
            self.timeline.levels[self.spec.to],
            by=self._sponsor,
            wanted_from=self.spec.wanted_from and self.timeline.day(self.spec.wanted_from),
            presenter=self.spec.presenter and self.timeline.people[self.spec.presenter],
            cycle=self.spec.cycle and Cycle.objects.get(name=self.timeline.dated(self.spec.cycle)),
        )

    def _share(self):
        self.case.share(by=self._sponsor)

    def _ask(self, place, spec):
        """Ask somebody, one of the company or from elsewhere; the link goes out and nobody keeps it."""
        known = spec.person and self.timeline.people[spec.person]
        by = self._writer(spec.by)
        asked = ask(
            self.case,
            by=by,
            name=known.name if known else spec.name,
            email=known.email if known else spec.email,
            relation=spec.relation,
            outside=spec.outside,
            note=spec.note,
        )
        asked.issue_key(by=by)
        self.asked[place] = asked

    def _answer(self, place, spec):
        asked = self.asked[place]
        if spec.text:
            asked.endorse(self.timeline.dated(spec.text), relation=spec.relation, outside=spec.outside)
        else:
            asked.decline(self.timeline.dated(spec.reason))

    def _writer(self, key):
        return self.timeline.people[key] if key else self._sponsor

    def _choose(self):
        left_out = {self.timeline.pieces[key].pk for key in self.spec.leave_out}
        logged = [piece for piece, _tags in self.timeline.logged[self.spec.subject]]
        self.case.choose([piece for piece in logged if piece.pk not in left_out], by=self._sponsor)

    def _state(self, kind, text):
        statement = self.case.statements.select_related("case").get(kind=kind)
        by = self.timeline.people[self.spec.subject] if kind in self.spec.written_along else self._sponsor
        statement.write(self.timeline.dated(text), by=by, version=0)

    def _claim(self, spec):
        self.case.claim(
            self.timeline.competencies[spec.competency],
            by=self._sponsor,
            text=self.timeline.dated(spec.text),
            result=self.timeline.dated(spec.result),
        )

    def _tell(self, spec):
        self.case.tell(
            by=self._writer(spec.by),
            title=self.timeline.dated(spec.title),
            competencies=[self.timeline.competencies[short] for short in spec.competencies],
            evidence=[self.timeline.pieces[key] for key in spec.evidence],
            **{part: self.timeline.dated(text) for part, text in spec.texts.items()},
        )

    def _propose(self):
        self.case.propose(by=self._sponsor)

    def _case(self):
        return PromotionCase.objects.get(pk=self.case.pk)
