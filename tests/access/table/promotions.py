"""Promotion cases and packets, page by page. Who may what is said here by the cases of `scene.py`."""

from .asked import Asked, on, own, people, public, who

HR = {"hana", "hugo"}
REQUEST = "promotions.EndorsementRequest"
CASE, CLAIM, STORY, PACKET = (
    "promotions.PromotionCase",
    "promotions.Claim",
    "promotions.Story",
    "packets.Packet",
)
READ = people({
    "mara": ["draft", "dropped"],
    "lena mara dora hana hugo": ["proposed", "withdrawn", "decided", "proposed by Fay"],
    "lena mara": ["shared"],
    "lena mara dora hana hugo stella": ["presented"],
    "dora": ["draft of HR"],
    "dora hana": ["shared of HR"],
    "dora hana hugo": ["proposed of HR", "decided of HR"],
    "hana": ["draft by HR"],
    "ines hana dora hugo": ["proposed by HR"],
    "kit noor dora hana hugo": ["proposed by Noor"],
})  # fmt: skip
SHARE = people({"mara": ["draft"], "dora": ["draft of HR"], "hana": ["draft by HR"]})
UNSHARE = people({"mara": ["shared"], "dora": ["shared of HR"]})
LEAD = SHARE | UNSHARE
WRITE = SHARE | people({"lena mara": ["shared"], "dora hana": ["shared of HR"]})
COMPLETE = people({"mara": ["draft", "shared"], "dora": ["draft of HR", "shared of HR"]})  # Ines: no evidence
WITHDRAW = WRITE | people({
    "lena mara hana hugo": ["proposed", "presented"],
    "lena hana hugo": ["proposed by Fay"],
    "ines hana hugo": ["proposed by HR"],
    "dora hana hugo": ["proposed of HR"],
    "kit noor hana hugo": ["proposed by Noor"],
})  # fmt: skip
ASK = WRITE | people({
    "mara": ["proposed", "presented"],
    "dora": ["proposed of HR"],
    "hana": ["proposed by HR"],
    "noor": ["proposed by Noor"],
})  # fmt: skip
CONVENE = people({
    "hana hugo": ["proposed", "presented", "proposed by Fay", "proposed by Noor"],
    "hugo": ["proposed of HR", "proposed by HR"],
})  # fmt: skip
FREEZE = LEAD | people({
    "mara hana hugo": ["proposed", "presented", "decided"],
    "hana hugo": ["proposed by Fay", "proposed by HR"],
    "dora hugo": ["proposed of HR", "decided of HR"],
    "noor hana hugo": ["proposed by Noor"],
})  # fmt: skip
READ_PACKET = people({
    "mara": [
        "draft, committee", "draft, candidate", "draft, masked",
        "its draft, committee", "its draft, candidate", "its draft, masked",
    ],
    "mara dora hana hugo": [
        "proposed, committee", "decided, committee", "withdrawn, committee", "by Fay, committee",
        "proposed, candidate", "decided, candidate", "withdrawn, candidate", "by Fay, candidate",
        "proposed, masked", "decided, masked", "withdrawn, masked", "by Fay, masked",
    ],
    "hana hugo": [
        "proposed, archive", "decided, archive", "withdrawn, archive", "by Fay, archive", "by Noor, archive",
    ],
    "lena": ["proposed, candidate", "decided, candidate", "withdrawn, candidate", "by Fay, candidate"],
    "dora hugo": ["of HR, committee", "of HR, candidate", "of HR, masked"],
    "hugo": ["of HR, archive"],
    "hana": ["of HR, candidate"],
    "noor dora hana hugo": ["by Noor, committee", "by Noor, candidate", "by Noor, masked"],
    "kit": ["by Noor, candidate"],
})  # fmt: skip
TYPESET = {
    label: names
    for label, names in READ_PACKET.items()
    if label.split(",")[0] in ("proposed", "decided", "its draft")
}
NOMINATE = who("promotions.nominate_person")


def level(scene, row):
    return {"level": scene.rows[CASE]["draft"].to_level_id}


def claim(scene, row):
    competency = scene.rows["framework.Competency"]["published"]
    return {"version": 0, "competency": competency.pk, "text": "Typed.", "result": "Typed."}


def asked(scene, row):
    return {
        "name": "Petra Partner",
        "email": "petra@elsewhere.example",
        "relation": "partner",
        "outside": "outside",
    }


def policy(scene, row):
    return {"endorsements_needed": 1, "quorum": 3, "second_ballot": "never", "appeal_days": 14}


def of_kind(scene, row):
    return (row.pk, "ask")


def by_whom(step):
    """Whoever took this step with a case that they read: they are told so."""

    def found(scene):
        names = {person.pk: name for name, person in scene.people.items()}
        done = {label: getattr(case, step, None) for label, case in scene.rows[CASE].items()}
        return {
            label: {names[row.by_id]} & READ.get(label, frozenset()) for label, row in done.items() if row
        }

    return found


SAVED = (302, 200)
KEPT = {"body": lambda scene, row: {"version": 0, "text": "Typed."}}
TOLD = {"body": lambda scene, row: {"version": 0, "title": "Typed."}}

ROUTES = {
    "cases": {"GET": own()},
    "case_new": {
        "GET": on("people.Person", (200, NOMINATE)),
        "POST": on("people.Person", (302, {"lars": {"noor"}}), (422, NOMINATE), body=level),
    },
    "case": {"GET": on(CASE, (200, READ))},
    "statement": {
        "GET": on(CASE, (302, READ), args=of_kind),
        "POST": on(CASE, (SAVED, WRITE), args=of_kind, **KEPT),
    },
    "claims": {"GET": on(CASE, (302, READ)), "POST": on(CASE, (SAVED, WRITE), body=claim)},
    "claim": {"GET": on(CLAIM, (302, WRITE)), "POST": on(CLAIM, (SAVED, WRITE), body=claim)},
    "claim_removal": {"GET": on(CLAIM, (200, WRITE)), "POST": on(CLAIM, (SAVED, WRITE))},
    "stories": {"GET": on(CASE, (200, WRITE)), "POST": on(CASE, (302, WRITE), **TOLD)},
    "story": {"GET": on(STORY, (200, WRITE)), "POST": on(STORY, (SAVED, WRITE), **TOLD)},
    "story_position": {
        "GET": on(STORY, (302, WRITE)),
        "POST": on(STORY, (302, WRITE), body=lambda scene, row: {"towards": "end"}),
    },
    "story_removal": {"GET": on(STORY, (200, WRITE)), "POST": on(STORY, (302, WRITE))},
    "case_evidence": {"GET": on(CASE, (200, WRITE)), "POST": on(CASE, (302, WRITE), body=TOLD["body"])},
    "case_framing": {"GET": on(CASE, (200, LEAD)), "POST": on(CASE, (302, LEAD))},
    "case_sharing": {
        "GET": on(CASE, (200, SHARE), (302, by_whom("sharing"))),
        "POST": on(CASE, (302, SHARE), (302, by_whom("sharing"))),
    },
    "case_sharing_removal": {"GET": on(CASE, (302, READ)), "POST": on(CASE, (302, UNSHARE))},
    "case_writing": {"GET": on(CASE, (SAVED, READ))},
    "promotion_policy": {
        "GET": Asked(((200, {"": HR}),)),
        "POST": Asked(((302, {"": HR}),), body=policy),
    },
    "endorsements": {"GET": on(CASE, (200, ASK)), "POST": on(CASE, (302, ASK), body=asked)},
    "endorsement_request": {"GET": on(REQUEST, (302, who("promotions.answer_request")))},
    "endorsement_reminder": {
        "GET": on(REQUEST, (302, who("promotions.read_request"))),
        "POST": on(REQUEST, (302, who("promotions.remind_endorser"))),
    },
    "endorsement_recall": {
        "GET": on(REQUEST, (200, who("promotions.recall_request"))),
        "POST": on(REQUEST, (302, who("promotions.recall_request"))),
    },
    "open_endorsement": {"GET": public(302, args=lambda scene, row: ("nobody-was-given-this",))},
    "endorsement": {"GET": public(404), "POST": public(404)},
    "endorsement_refusal": {"GET": public(302), "POST": public(404)},
    "proposal": {
        "GET": on(CASE, (200, LEAD), (302, by_whom("proposal"))),
        "POST": on(CASE, (302, COMPLETE), (422, LEAD), (302, by_whom("proposal"))),
    },
    "withdrawal": {
        "GET": on(CASE, (200, WITHDRAW), (302, by_whom("withdrawal"))),
        "POST": on(
            CASE, (302, WITHDRAW), (302, by_whom("withdrawal")), body=lambda scene, row: {"reason": "Typed."}
        ),
    },
    "packet_preview": {"GET": on(CASE, (200, READ))},
    "packet_freeze": {"GET": on(CASE, (302, READ)), "POST": on(CASE, (302, FREEZE))},
    "packet": {"GET": on(PACKET, (200, READ_PACKET))},
    "packet_sheet": {"GET": on(PACKET, (SAVED, READ_PACKET))},
    "packet_typesetting": {"GET": on(PACKET, (302, READ_PACKET)), "POST": on(PACKET, (SAVED, READ_PACKET))},
    "packet_pdf": {"GET": on(PACKET, (200, TYPESET))},
}
