"""Hearings in every state: who sits, who voted, what is open, decided and released; and cases to be heard.

Aude is in the chair, Otto sits beside her, and Noor was recused. The case is Lena's, by Mara. For each
ground on which somebody of HR may not answer a case there is one on which Hana may not, and Hugo may.
"""

from competencies.core.clock import now, today
from competencies.promotions.models import (
    Appeal,
    Ballot,
    Casting,
    Committee,
    Count,
    Decision,
    DecisionDraft,
    EndorsementRequest,
    Hearing,
    Member,
    PromotionCase,
    Proposal,
    Recusal,
    Release,
    Seat,
    Statement,
    Unmasking,
    Withdrawal,
)

from ..cast import DAY

AGREED, SPLIT, REFUSED = ("promote", "promote"), ("promote", "decline"), ("decline", "decline")
PANEL = ("aude", "otto")  # the chair first
GROUNDS = {  # why Hana may not answer it: subject, sponsor, and what else makes it so
    "her own": ("hana", "fay", {}),
    "sponsored by her": ("jo", "hana", {}),
    "presented by her": ("lena", "fay", {"presenter": "hana"}),
    "of one above her": ("dora", "fay", {}),  # whom Aude stands below as well
    "of one below her": ("ida", "fay", {}),
    "endorsed by her": ("lena", "fay", {"endorser": "hana"}),
}


class Sitting:
    """Makes hearings: each on a case of its own."""

    def __init__(self, people, edition, name="Platform"):
        self.people, self.edition = people, edition
        self.levels = {level.key: level for level in edition.level_set.all()}
        self.committee = self._committee(name, "aude", "otto", "hana", "ida")
        self.cases, self.hearings, self.ballots, self.decisions = {}, {}, {}, {}
        self.drafts = {}

    def _committee(self, name, chair, *others):
        committee = Committee.objects.create(name=name, by=self.people["hugo"])
        for member in (chair, *others):
            Seat.objects.create(
                committee=committee, person=self.people[member], chair=member == chair, by=self.people["hugo"]
            )
        return committee

    def case(self, label, subject="lena", sponsor="mara", *, presenter=None, endorser=None, proposed=True):
        """Make a case of that name."""
        case = PromotionCase.objects.create(
            subject=self.people[subject],
            sponsor=self.people[sponsor],
            presenter=presenter and self.people[presenter],
            track=self.edition.track_set.get(key="java"),
            from_level=self.levels["senior"],
            to_level=self.levels["staff"],
        )
        for kind in Statement.Kind.values:
            Statement.objects.create(case=case, kind=kind)
        if proposed:
            Proposal.objects.create(case=case, by=case.sponsor)
        if endorser:
            EndorsementRequest.objects.create(
                case=case,
                name="Somebody",
                email="somebody@elsewhere.example",
                person=self.people[endorser],
                relation="peer",
                outside=True,
                by=case.sponsor,
                expires_at=now() + 9 * DAY,
            )
        self.cases[label] = case
        return case

    def hearing(self, label, *, of=None, panel=PANEL, chair=None, recused=("noor",), **fields):
        """Bring a case before `panel`, in the chair the first of it; `fields` are those of the hearing."""
        case = of or self.case(label)
        fields = {"quorum": 2, "second_ballot": "never", "appeal_days": 14} | fields
        hearing = Hearing.objects.create(
            case=case, committee=self.committee, by=self.people["hugo"], **fields
        )
        for member in (*panel, *recused):
            Member.objects.create(
                hearing=hearing,
                person=self.people[member],
                chair=member == (chair or panel[0]),
                by=self.people["hugo"],
            )
        for member in recused:
            self.write(label, hearing, member, "not-yet", cast=False)
            Recusal.objects.create(
                hearing=hearing,
                person=self.people[member],
                ground="declared",
                reason="Known.",
                by=self.people[member],
            )
        self.hearings[label] = hearing
        return hearing

    def draft(self, label, name):
        """Have somebody draft the decision of a hearing."""
        self.drafts[f"{label}, {name}"] = DecisionDraft.objects.create(
            hearing=self.hearings[label], person=self.people[name], outcome="promote", rationale="So far.",
            feedback="So far.",
        )  # fmt: skip

    def write(self, label, hearing, name, vote, *, round=1, cast=True):
        ballot = Ballot.objects.create(
            hearing=hearing, person=self.people[name], round=round, vote=vote, reason="So."
        )
        if cast:
            Casting.objects.create(ballot=ballot, day=today())
        self.ballots[f"{label}, {round}, {name}"] = ballot

    def opened(self, label, votes=AGREED, *, rounds=1, **options):
        """Make a hearing of which so many rounds are open, with the same votes in each."""
        hearing = self.hearing(label, **options)
        for round in range(1, rounds + 1):
            for name, vote in zip(options.get("panel", PANEL), votes, strict=True):
                self.write(label, hearing, name, vote, round=round)
            Count.objects.create(hearing=hearing, round=round)
        return hearing

    def call_late(self, label, hearing, name, vote=None):
        """Call one more, who comes to the second round; `vote` is theirs, None where there is none."""
        Member.objects.create(hearing=hearing, person=self.people[name], by=self.people["hugo"])
        if vote:
            self.write(label, hearing, name, vote, round=2)

    def decided(self, label, votes=REFUSED, *, release=None, withdrawn=False, **options):
        """Make a hearing that is decided; `release` is until when an appeal is open, an instant or None."""
        hearing = self.opened(label, votes, **options)
        decision = Decision.objects.create(
            hearing=hearing, by=self.people["hugo"], outcome=votes[0], rationale="Early.", feedback="Soon."
        )
        if release:
            Release.objects.create(decision=decision, by=self.people["hugo"], appeal_until=release)
        if withdrawn:
            Withdrawal.objects.create(case=hearing.case, by=hearing.case.sponsor)
        self.decisions[label] = decision
        return hearing

    def appealed(self, label, **options):
        hearing = self.decided(label, release=now() + 9 * DAY, **options)
        Appeal.objects.create(case=hearing.case, by=hearing.case.subject, grounds="Look again.")
        return hearing.case


def make_hearings(sitting):
    """Make all hearings; what was made is in `sitting`."""
    people, ahead = sitting.people, now() + 9 * DAY
    Seat.objects.create(
        committee=sitting.committee,
        person=people["noor"],
        by=people["hugo"],
        ended_by=people["hugo"],
        ended_at=now(),
    )
    sitting.write("voting", sitting.hearing("voting"), "otto", "promote", cast=False)
    masked = sitting.hearing("masked", masked=True)
    Unmasking.objects.create(hearing=masked, person=people["aude"], reason="Known.")
    sitting.hearing("with Hugo recused", recused=("noor", "hugo"), masked=True)
    sitting.write("otto's is in", sitting.hearing("otto's is in"), "otto", "promote")
    withdrawn = sitting.hearing("withdrawn before it", masked=True)
    Withdrawal.objects.create(case=withdrawn.case, by=people["mara"])
    sitting.opened("open")
    sitting.draft("open", "aude")
    sitting.draft("open", "hugo")
    sitting.opened("split, never twice", SPLIT)
    agreed = sitting.opened("agreed, if split", second_ballot="if-split")
    sitting.write("agreed, if split", agreed, "otto", "decline", round=2)  # which no transition does
    sitting.opened("agreed, always twice", second_ballot="always")
    again = sitting.opened("split, if split", SPLIT, second_ballot="if-split")
    sitting.write("split, if split", again, "otto", "promote", round=2)
    sitting.call_late("split, if split", again, "kit", "promote")
    both = sitting.opened("split, both open", SPLIT, rounds=2, second_ballot="if-split")
    sitting.call_late("split, both open", both, "kit")
    sitting.opened("open, Hugo recused", recused=("noor", "hugo"))
    sitting.opened("open, the chair recused", panel=("otto", "kit"), chair="aude", recused=("aude",))
    withdrawn = sitting.opened("withdrawn when open")
    Withdrawal.objects.create(case=withdrawn.case, by=people["mara"])
    sitting.decided("unreleased")
    sitting.decided("unreleased and withdrawn", withdrawn=True)
    sitting.decided("out", release=ahead)
    sitting.decided("out and withdrawn", release=ahead, withdrawn=True)
    sitting.decided("out and over", release=now() - DAY)
    sitting.appealed("appealed")
    case = sitting.appealed("appealed and withdrawn")
    Withdrawal.objects.create(case=case, by=people["mara"])
    case = sitting.appealed("heard again")
    sitting.hearing(  # by Noor as well, who was called the first time, and whom no transition would let sit
        "heard again, the second time", of=case, stage="appeal", panel=("kit", "lars", "noor"), recused=()
    )
    for ground, (subject, sponsor, what) in GROUNDS.items():
        panel = ("otto", "hugo") if subject == "dora" else PANEL
        sitting.case(f"to be heard, {ground}", subject, sponsor, **what)
        of = sitting.case(f"voting, {ground}", subject, sponsor, **what)
        sitting.hearing(f"voting, {ground}", of=of, panel=(*panel, "hana"), masked=True)
        of = sitting.case(f"open, {ground}", subject, sponsor, **what)
        sitting.opened(f"open, {ground}", of=of, panel=panel)
        of = sitting.case(f"unreleased, {ground}", subject, sponsor, **what)
        sitting.decided(f"unreleased, {ground}", of=of, panel=panel)
