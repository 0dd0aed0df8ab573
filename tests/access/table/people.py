"""People, their evidence and the trail, page by page."""

from competencies.core.clock import today

from .asked import of_company, on, own, who

PERSON, EVIDENCE = "people.Person", "evidence.Evidence"
WITHDRAW = who("evidence.withdraw_evidence")
SHOWN = {"of hana by hana": {"hana"}, "of kit by noor": {"noor"}}  # by cases that they read
READ, LOG, WRITE = who("people.read_person"), who("evidence.log_evidence"), who("evidence.write_evidence")


def piece(scene, row):
    return {
        "version": 0,
        "title": "Told",
        "happened_on": today().isoformat(),
        "kind": "delivery",
        "competencies": [scene.rows["framework.Competency"]["published"].pk],
    }


ROUTES = {
    "home": {"GET": own()},
    "people": {"GET": of_company("people.browse_people")},
    "person": {"GET": on(PERSON, (200, READ))},
    "team": {"GET": own()},
    "team_csv": {"GET": own()},
    "evidence_list": {"GET": own()},
    "evidence": {"GET": on(EVIDENCE, (200, who("evidence.read_evidence")))},
    "evidence_edit": {
        "GET": on(EVIDENCE, (200, WRITE)),
        "POST": on(EVIDENCE, (302, WRITE), body=piece),
    },
    "evidence_withdrawal": {
        "GET": on(EVIDENCE, (200, WITHDRAW)),
        "POST": on(EVIDENCE, (422, SHOWN), (302, WITHDRAW)),
    },
    "evidence_of": {"GET": on(PERSON, (200, READ))},
    "evidence_new": {"GET": on(PERSON, (200, LOG)), "POST": on(PERSON, (302, LOG), body=piece)},
    "trail": {"GET": of_company("people.read_trail")},
}
