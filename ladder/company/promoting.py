"""One promotion case, lived through."""

from competencies.packets.models import Packet
from competencies.promotions.models import PromotionCase
from ladder import typesetting


class Promoting:
    """What happens to a case: `plan` puts it down, the life lets it happen."""

    def __init__(self, life, spec):
        self.life, self.spec = life, spec
        self.case = None

    def plan(self):
        spec, then = self.spec, self.life.then
        then(spec.opened, "10:00", self._nominate)
        then(spec.written, "11:00", self._choose)
        for place, (kind, text) in enumerate(spec.statements.items()):
            then(spec.written, "11:05", self._state, kind, text, after=9 * place)
        for place, claim in enumerate(spec.claims):
            then(spec.written, "13:00", self._claim, claim, after=7 * place)
        for place, story in enumerate(spec.stories):
            then(spec.written, "14:00", self._tell, story, after=25 * place)
        if spec.proposed:
            then(spec.proposed, "15:00", self._propose)
        if spec.decision:
            then(spec.decision.on, "15:30", self._decide, spec.decision)
        if spec.frozen:
            then(spec.frozen, "16:30", self._freeze)

    @property
    def _sponsor(self):
        return self.life.people[self.spec.sponsor]

    def _nominate(self):
        self.case = PromotionCase.nominate(
            self.life.people[self.spec.subject],
            self.life.levels[self.spec.to],
            by=self._sponsor,
            wanted_from=self.spec.wanted_from and self.life.day(self.spec.wanted_from),
        )

    def _choose(self):
        left_out = {self.life.pieces[key].pk for key in self.spec.leave_out}
        logged = [piece for piece, _tags in self.life.logged[self.spec.subject]]
        self.case.choose([piece for piece in logged if piece.pk not in left_out], by=self._sponsor)

    def _state(self, kind, text):
        statement = self.case.statements.select_related("case").get(kind=kind)
        statement.write(self.life.said(text), by=self._sponsor, version=0)

    def _claim(self, spec):
        self.case.claim(
            self.life.competencies[spec.competency],
            by=self._sponsor,
            text=self.life.said(spec.text),
            result=self.life.said(spec.result),
        )

    def _tell(self, spec):
        self.case.tell(
            by=self._sponsor,
            title=self.life.said(spec.title),
            competencies=[self.life.competencies[short] for short in spec.competencies],
            evidence=[self.life.pieces[key] for key in spec.evidence],
            **{part: self.life.said(text) for part, text in spec.texts.items()},
        )

    def _propose(self):
        self.case.propose(by=self._sponsor)

    def _decide(self, spec):
        self.case.decide(
            spec.outcome,
            by=self.life.people[spec.by],
            rationale=self.life.said(spec.rationale),
            feedback=self.life.said(spec.feedback),
            look_again_on=spec.look_again and self.life.day(spec.look_again),
            effective_on=spec.effective and self.life.day(spec.effective),
        )

    def _freeze(self):
        """Freeze a packet of each variant, by whoever decided, or by the sponsor of an open case."""
        case = PromotionCase.objects.get(pk=self.case.pk)
        by = self.life.people[self.spec.decision.by] if self.spec.decision else self._sponsor
        for variant in Packet.Variant.values:
            typesetting.freeze(case, by=by, variant=variant)
