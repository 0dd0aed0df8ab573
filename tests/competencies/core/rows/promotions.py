"""Cases in every state and of every relation."""

from competencies.core.clock import now
from competencies.promotions.models import (
    Claim,
    Endorsement,
    EndorsementRecall,
    EndorsementRefusal,
    EndorsementRequest,
    PromotionCase,
    Proposal,
    Sharing,
    Statement,
    Story,
    Withdrawal,
)

from ..cast import DAY


def make_cases(people, edition, sitting):
    levels = {level.key: level for level in edition.level_set.all()}
    competency = edition.competency_set.first()

    def case(subject, sponsor, *steps):
        subject, sponsor = people[subject], people[sponsor]
        case = PromotionCase.objects.create(
            subject=subject,
            sponsor=sponsor,
            track=edition.track_set.get(key="java"),
            from_level=levels["senior"],
            to_level=levels["staff"],
        )
        for kind in Statement.Kind.values:
            Statement.objects.create(case=case, kind=kind)
        Claim.objects.create(case=case, competency=competency, text="A claim.")
        Story.objects.create(case=case, title="A story", position=1)
        if "present" in steps:
            PromotionCase.objects.filter(pk=case.pk).update(presenter=people["stella"])
        if "share" in steps:
            Sharing.objects.create(case=case, by=sponsor)
        if "propose" in steps:
            Proposal.objects.create(case=case, by=sponsor)
        if "decide" in steps:
            sitting.decided(f"of {case.pk}", of=case, release=now() - DAY)
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
        "shared": case("lena", "mara", "share"),
        "shared by Fay": case("lena", "fay", "share"),
        "shared and dropped": case("lena", "mara", "share", "withdraw"),
        "shared and decided as a draft": case("lena", "mara", "share", "decide"),
        "shared and proposed": case("lena", "mara", "share", "propose"),
        "shared and decided": case("lena", "mara", "share", "propose", "decide"),
        "shared of HR": case("hana", "dora", "share"),
        "presented": case("lena", "mara", "present"),
        "presented and proposed": case("lena", "mara", "present", "propose"),
        "presented and decided": case("lena", "mara", "present", "propose", "decide"),
    }


ASKED = (
    "draft", "draft by Fay", "shared", "shared by Fay", "shared and dropped", "shared and decided as a draft",
    "proposed", "shared and proposed", "decided", "decided by Fay", "withdrawn", "proposed by Fay",
    "draft of HR", "shared of HR", "proposed of HR", "decided of HR", "proposed by HR",
    "presented and proposed", "proposed by Noor",
)  # fmt: skip


def make_requests(people, cases):
    """One request for each case by its sponsor, and for some by others, or no longer open."""

    def request(case, *, by=None, person=None, days=21, came=None):
        case = cases[case]
        made = EndorsementRequest.objects.create(
            case=case,
            name="Somebody",
            email="somebody@elsewhere.example",
            person=person and people[person],
            relation="peer",
            outside=True,
            by=(by and people[by]) or case.sponsor,
            expires_at=now() + days * DAY,
        )
        if came is not None:
            came.objects.create(request=made, **({"by": case.sponsor} if came is EndorsementRecall else {}))
        return made

    return {f"of {label}": request(label) for label in ASKED} | {
        "by lena of shared": request("shared", by="lena"),
        "by lena of proposed": request("shared and proposed", by="lena"),
        "to kit of draft": request("draft", person="kit"),
        "to kit of withdrawn": request("withdrawn", person="kit"),
        "to kit, over": request("draft", person="kit", days=-1),
        "to kit, declined": request("draft", person="kit", came=EndorsementRefusal),
        "to kit, recalled": request("draft", person="kit", came=EndorsementRecall),
    }


def make_answers(model, requests):
    """An answer of `model` to the request of each of some cases."""
    text = {"text": "Seen."} if model is Endorsement else {}
    kind = {"asked_relation": "peer", "asked_outside": True} if model is Endorsement else {}
    made = {}
    for label in ASKED:
        asked = requests[f"of {label}"]
        asked.pk = None
        asked.save()
        made[label] = model.objects.create(request=asked, **text, **kind)
    return made
