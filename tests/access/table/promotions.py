"""Promotion cases and packets, page by page. Who may what is said here by the cases of `scene.py`."""

from datetime import timedelta

from competencies.access.clock import today

from .asked import on, own, people, who

CASE, CLAIM, STORY, PACKET = (
    "promotions.PromotionCase",
    "promotions.Claim",
    "promotions.Story",
    "packets.Packet",
)
READ = people({
    "mara": ["draft", "dropped"],
    "lena mara dora hana hugo": ["proposed", "withdrawn", "decided", "proposed by Fay"],
    "dora": ["draft of HR"],
    "dora hana hugo": ["proposed of HR", "decided of HR"],
    "hana": ["draft by HR"],
    "ines hana dora hugo": ["proposed by HR"],
    "kit noor dora hana hugo": ["proposed by Noor"],
})  # fmt: skip
WRITE = people({"mara": ["draft"], "dora": ["draft of HR"], "hana": ["draft by HR"]})
COMPLETE = people({"mara": ["draft"], "dora": ["draft of HR"]})  # Ines has no evidence yet
WITHDRAW = WRITE | people({
    "mara hana hugo": ["proposed"],
    "hana hugo": ["proposed by Fay", "proposed by HR"],
    "dora hugo": ["proposed of HR"],
    "noor hana hugo": ["proposed by Noor"],
})  # fmt: skip
DECIDE = people({
    "hana hugo": ["proposed", "proposed by Fay", "proposed by Noor"],
    "hugo": ["proposed of HR", "proposed by HR"],
})  # fmt: skip
FREEZE = WITHDRAW | people({"mara hana hugo": ["decided"], "dora hugo": ["decided of HR"]})
READ_PACKET = people({
    "mara": ["draft, committee", "draft, candidate", "its draft, committee", "its draft, candidate"],
    "mara dora hana hugo": [
        "proposed, committee", "decided, committee", "withdrawn, committee", "by Fay, committee",
        "proposed, candidate", "decided, candidate", "withdrawn, candidate", "by Fay, candidate",
    ],
    "lena": ["proposed, candidate", "decided, candidate", "withdrawn, candidate", "by Fay, candidate"],
    "dora hugo": ["of HR, committee", "of HR, candidate"],
    "hana": ["of HR, candidate"],
    "noor dora hana hugo": ["by Noor, committee", "by Noor, candidate"],
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


def decision(scene, row):
    ahead = today() + timedelta(days=90)
    return {"outcome": "not-yet", "look_again_on": ahead.isoformat(), "rationale": "Typed."}


def of_kind(scene, row):
    return (row.pk, "ask")


SAVED = (302, 200)
KEPT = {"body": lambda scene, row: {"version": 0, "text": "Typed."}}
TOLD = {"body": lambda scene, row: {"version": 0, "title": "Typed."}}

ROUTES = {
    "cases": {"GET": own()},
    "case_new": {
        "GET": on("people.Person", (200, NOMINATE)),
        "POST": on("people.Person", (302, {"ida": {"ines"}}), (422, NOMINATE), body=level),
    },
    "case": {"GET": on(CASE, (200, READ))},
    "statement": {"POST": on(CASE, (SAVED, WRITE), args=of_kind, **KEPT)},
    "claims": {"POST": on(CASE, (SAVED, WRITE), body=claim)},
    "claim": {"POST": on(CLAIM, (SAVED, WRITE), body=claim)},
    "claim_removal": {"POST": on(CLAIM, (SAVED, WRITE))},
    "stories": {"GET": on(CASE, (200, WRITE)), "POST": on(CASE, (302, WRITE), **TOLD)},
    "story": {"GET": on(STORY, (200, WRITE)), "POST": on(STORY, (SAVED, WRITE), **TOLD)},
    "story_position": {"POST": on(STORY, (302, WRITE), body=lambda scene, row: {"towards": "end"})},
    "story_removal": {"POST": on(STORY, (302, WRITE))},
    "case_evidence": {"GET": on(CASE, (200, WRITE)), "POST": on(CASE, (302, WRITE), body=TOLD["body"])},
    "proposal": {"POST": on(CASE, (302, COMPLETE), (422, WRITE))},
    "withdrawal": {"POST": on(CASE, (302, WITHDRAW))},
    "decision": {"POST": on(CASE, (302, DECIDE), body=decision)},
    "packet_preview": {"GET": on(CASE, (200, READ))},
    "packet_freeze": {"POST": on(CASE, (302, FREEZE))},
    "packet": {"GET": on(PACKET, (200, READ_PACKET))},
    "packet_typesetting": {"POST": on(PACKET, (SAVED, READ_PACKET))},
    "packet_pdf": {"GET": on(PACKET, (200, TYPESET))},
}
