"""Cases in every state and of every relation."""

from competencies.promotions.models import Claim, Decision, PromotionCase, Proposal, Story, Withdrawal


def make_cases(people, edition):
    levels = {level.key: level for level in edition.level_set.all()}
    competency = edition.competency_set.first()

    def case(subject, sponsor, *steps):
        subject, sponsor, hugo = people[subject], people[sponsor], people["hugo"]
        case = PromotionCase.objects.create(
            subject=subject,
            sponsor=sponsor,
            track=edition.track_set.get(key="java"),
            from_level=levels["senior"],
            to_level=levels["staff"],
        )
        Claim.objects.create(case=case, competency=competency, text="A claim.")
        Story.objects.create(case=case, title="A story", position=1)
        if "propose" in steps:
            Proposal.objects.create(case=case, by=sponsor)
        if "decide" in steps:
            Decision.objects.create(case=case, by=hugo, outcome="decline", rationale="Too early.")
        if "withdraw" in steps:
            Withdrawal.objects.create(case=case, by=sponsor)
        return PromotionCase.objects.get(pk=case.pk)

    return {
        "draft": case("lena", "mara"),
        "dropped": case("lena", "mara", "withdraw"),
        "proposed": case("lena", "mara", "propose"),
        "withdrawn": case("lena", "mara", "propose", "withdraw"),
        "decided": case("lena", "mara", "propose", "decide"),
        "decided as a draft": case("lena", "mara", "decide"),  # which no transition does
        "decided as a draft by Fay": case("lena", "fay", "decide"),
        "draft by Fay": case("lena", "fay"),
        "proposed by Fay": case("lena", "fay", "propose"),
        "decided by Fay": case("lena", "fay", "propose", "decide"),
        "draft by Dora": case("lena", "dora"),
        "proposed by Dora": case("lena", "dora", "propose"),
        "draft of HR": case("hana", "dora"),
        "proposed of HR": case("hana", "dora", "propose"),
        "decided of HR": case("hana", "dora", "propose", "decide"),
        "draft by HR": case("ines", "hana"),
        "proposed by HR": case("ines", "hana", "propose"),
        "draft by HR before the move": case("jo", "hana"),
        "proposed by HR before the move": case("jo", "hana", "propose"),
        "proposed by Noor": case("kit", "noor", "propose"),
    }
