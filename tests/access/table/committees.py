"""Committees and hearings, page by page: by the hearings of `tests/competencies/core/rows/hearings.py`."""

from .asked import Asked, of_company, on, own, people, who
from .promotions import CASE, CONVENE, HR, SAVED

COMMITTEE, HEARING, DECISION = "promotions.Committee", "promotions.Hearing", "promotions.Decision"
READ, CAST, CALL = (who(f"promotions.{action}") for action in ("read_hearing", "cast_ballot", "call_member"))
EXCUSE, DISCUSS = who("promotions.excuse_member"), who("promotions.discuss_hearing")
DECIDE, UNMASK = who("promotions.decide_hearing"), who("promotions.unmask_hearing")
SEAT = who("promotions.seat_committee")
TAKEN = {"of Aude": HR}  # where Otto sits
OPEN = {label for label in CALL if label.startswith(("open", "split, never", "split, both", "agreed, if"))}
BELOW_CANDIDATE = "voting, of one above her"


def less(table, *labels):
    """Return the table without some rows."""
    return {label: names for label, names in table.items() if label not in labels}


def only(table, *labels):
    return {label: names for label, names in table.items() if label in labels}


def voters(label):
    """Return who has cast a ballot in a hearing."""
    if label.startswith(("voting", "masked", "with Hugo", "withdrawn before")) or label.endswith(
        "second time"
    ):
        return set()
    if label == "otto's is in":
        return {"otto"}
    if label in ("split, if split", "open, the chair recused"):
        return {"otto", "kit"}
    return {"otto", "hugo"} if label.endswith("of one above her") else {"aude", "otto"}


def is_decided(label):
    decided = label.startswith(("unreleased", "out", "appealed", "heard again"))
    return decided and not label.endswith(("withdrawn", "second time"))


def with_otto(scene, row):
    return (row.pk, scene.people["otto"].pk)


def of(name):
    """A body that names somebody by their email."""
    return lambda scene, row: {"person": scene.people[name].email}


def sent(**body):
    return lambda scene, row: body


def committee(scene, row):
    return {"committee": scene.rows[COMMITTEE]["of Aude"].pk}


def released(scene, row):
    return {"decisions": [scene.rows[DECISION]["unreleased"].pk], "count": 1}


VOTED = {label: names & voters(label) for label, names in READ.items()}
DECIDED = {label: names for label, names in READ.items() if is_decided(label)}
REASON = {"body": sent(reason="Typed.", ground="absent")}
ROUTES = {
    "committees": {"GET": own()},
    "committee_new": {
        "GET": own(302),
        "POST": of_company("promotions.seat_committees", 302, body=sent(name="Typed")),
    },
    "committee": {"GET": on(COMMITTEE, (200, who("promotions.read_committee")))},
    "committee_name": {
        "GET": on(COMMITTEE, (302, who("promotions.read_committee"))),
        "POST": on(COMMITTEE, (302, SEAT), body=sent(name="Typed")),
    },
    "seats": {
        "GET": on(COMMITTEE, (302, who("promotions.read_committee"))),
        "POST": on(COMMITTEE, (302, SEAT), body=of("jo")),
    },
    "seat_chair": {
        "GET": on(COMMITTEE, (302, who("promotions.read_committee")), args=with_otto),
        "POST": on(COMMITTEE, (302, TAKEN), args=with_otto),
    },
    "seat_removal": {
        "GET": on(COMMITTEE, (302, who("promotions.read_committee")), args=with_otto),
        "POST": on(COMMITTEE, (302, TAKEN), args=with_otto),
    },
    "convening": {
        "GET": on(CASE, (200, CONVENE)),
        "POST": on(CASE, (302, CONVENE), body=committee),
    },
    "appeal": {
        "GET": on(CASE, (200, people({"lena": ["decided"], "hana": ["decided of HR"]}))),
        "POST": on(
            CASE,
            (302, people({"lena": ["decided"], "hana": ["decided of HR"]})),
            body=sent(grounds="Typed."),
        ),
    },
    "hearing": {"GET": on(HEARING, (200, READ))},
    "ballot": {
        "GET": on(HEARING, (302, READ)),
        "POST": on(HEARING, (SAVED, CAST), body=sent(version=0, vote="promote", reason="Typed.")),
    },
    "casting": {
        "GET": on(HEARING, (200, CAST), (302, VOTED)),
        "POST": on(HEARING, (302, {"voting": {"otto"}}), (422, CAST), (302, VOTED)),
    },
    "members": {
        "GET": on(HEARING, (200, CALL)),
        "POST": on(HEARING, (302, less(CALL, *OPEN, BELOW_CANDIDATE)), (422, CALL), body=of("finn")),
    },
    "excusal": {
        "GET": on(HEARING, (200, less(EXCUSE, "heard again, the second time")), args=with_otto),
        "POST": on(
            HEARING,
            (422, only(EXCUSE, "otto's is in")),
            (302, less(EXCUSE, "heard again, the second time")),
            args=with_otto,
            **REASON,
        ),
    },
    "recusal": {"GET": on(HEARING, (200, CAST)), "POST": on(HEARING, (302, CAST), **REASON)},
    "remarks": {
        "GET": on(HEARING, (302, READ)),
        "POST": on(HEARING, (SAVED, DISCUSS), body=sent(text="Typed.")),
    },
    "unmasking": {"GET": on(HEARING, (200, UNMASK)), "POST": on(HEARING, (302, UNMASK), **REASON)},
    "hearing_decision": {
        "GET": on(HEARING, (200, DECIDE), (302, DECIDED)),
        "POST": on(
            HEARING,
            (422, only(DECIDE, "split, never twice", "split, both open")),
            (SAVED, DECIDE),
            ((302, 422), DECIDED),
            body=sent(version=0, outcome="promote", rationale="Typed.", feedback="Typed."),
        ),
    },
    "decision_recording": {
        "GET": on(HEARING, (200, DECIDE), (302, DECIDED)),
        "POST": on(HEARING, (302, {"open": {"aude", "hugo"}}), (422, DECIDE), ((302, 422), DECIDED)),
    },
    "releases": {"GET": Asked(((200, {"": HR}),))},
    "release_new": {"GET": Asked(((200, {"": HR}),)), "POST": Asked(((302, {"": HR}),), body=released)},
}
