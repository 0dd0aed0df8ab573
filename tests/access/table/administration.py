"""What HR does with people, the organisation, imports and records; and everybody with their own."""

from datetime import timedelta

from competencies.core.clock import today

from ..actors import PEOPLE
from .asked import of_company, on, own, people, public, who

PERSON, IMPORT, EXPORT, HOLD = "people.Person", "people_import.Import", "records.Export", "records.Hold"
LINE, PLACEMENT, GRANT, INVITATION = (
    "people.ReportingLine",
    "people.Placement",
    "people.RoleGrant",
    "people.Invitation",
)
GOVERN, IMPORTING = "people.govern_organisation", "people.import_people"
PLACE, GRANT_ROLE, RESET = (
    who("people.place_person"),
    who("people.grant_role"),
    who("people.reset_second_factor"),
)
DESCRIBE, SELF = who("people.describe_person"), who("people.describe_self")
RELEASE, READMIT = who("people.release_person"), who("people.readmit_person")
RECORD, ERASE = who("records.read_record"), who("records.erase_person")
LEFT = ("gone", "nemo", "lou")


def by_hr(scene):
    """Everybody, those who left too, for HR."""
    return dict.fromkeys(scene.people, frozenset({"hana", "hugo"}))


COPIES = people({"hana": ["of Dora by Hana", "of Ines by Hana"]})  # she reports to one, the other to her
REVOKE = who("people.revoke_grant")
ONESELF = people({name: [name] for name in PEOPLE})
TOMORROW = today() + timedelta(days=1)


def described(scene, row):
    return {"name": "Typed", "email": "typed@testing.example"}


def under_dora(scene, row):
    return {"manager": scene.people["dora"].email, "starts_on": TOMORROW.isoformat()}


def placed(scene, row):
    edition = scene.rows["framework.Edition"]["published"]
    track, level = edition.track_set.first(), edition.level_set.first()
    return {"track": track.pk, "level": level.pk, "starts_on": TOMORROW.isoformat()}


def on_day(scene, row):
    return {"on": TOMORROW.isoformat()}


def an_auditor(scene, row):
    return {"role": "auditor"}


def because(scene, row):
    return {"reason": "Typed."}


def lifting(scene, row):
    return {f"hold-{row.pk}-reason": "Typed."}


def by_name(scene, row):
    return {"name": row.name}


def named(scene, row):
    return {"name": "Typed"}


def less(table, *labels):
    """Return a table without some rows."""
    return {label: names for label, names in table.items() if label not in labels}


def both(found, **done):
    """A page with a form: the same people see it and send it."""
    return {"GET": on(PERSON, (200, found)), "POST": on(PERSON, (302, found), **done)}


ROUTES = {
    "person_new": {
        "GET": of_company("people.welcome_person"),
        "POST": of_company("people.welcome_person", 302, body=described),
    },
    "chart": {"GET": own()},
    "chart_of": {"GET": on(PERSON, (200, who("people.see_in_chart")))},
    "person_description": both(DESCRIBE, body=described),
    "person_pronouns": both(SELF, body=lambda scene, row: {"pronouns": "they"}),
    "person_line": {
        "GET": on(PERSON, (200, PLACE)),
        "POST": on(PERSON, (302, less(PLACE, "dora", *LEFT)), (422, PLACE), body=under_dora),
    },
    "person_placement": {
        "GET": on(PERSON, (200, PLACE)),
        "POST": on(PERSON, (302, less(PLACE, *LEFT)), (422, PLACE), body=placed),
    },
    "person_leaving": {
        "GET": on(PERSON, (200, RELEASE)),
        # Hugo is about to leave, so Hana is the last of HR who stays.
        "POST": on(PERSON, (302, less(RELEASE, "hana")), (422, RELEASE), body=on_day),
    },
    "person_return": both(READMIT),
    "person_roles": {
        "GET": on(PERSON, (200, GRANT_ROLE)),
        "POST": on(PERSON, (302, less(GRANT_ROLE, "otto")), (422, GRANT_ROLE), body=an_auditor),
    },
    "grant_revocation": {
        "GET": on(GRANT, (302, REVOKE)),
        "POST": on(
            GRANT, (302, less(REVOKE, "hr of hana")), (422, REVOKE)
        ),  # Hugo is leaving: nobody would remain
    },
    "line_withdrawal": {
        "GET": on(LINE, (302, who("people.call_off_line"))),
        "POST": on(LINE, (302, who("people.call_off_line"))),
    },
    "placement_withdrawal": {
        "GET": on(PLACEMENT, (302, who("people.call_off_placement"))),
        "POST": on(PLACEMENT, (302, who("people.call_off_placement"))),
    },
    "organisation": {"GET": of_company(GOVERN)},
    "rename_organisation": {"GET": of_company(GOVERN, 302), "POST": of_company(GOVERN, 302, body=named)},
    "organisation_time_zone": {"GET": of_company(GOVERN), "POST": of_company(GOVERN, 422)},
    "require_second_factor": {
        "GET": of_company(GOVERN, 302),
        "POST": of_company(GOVERN, 302, body=lambda scene, row: {"roles": ["auditor"]}),
    },
    "access": {"GET": on(PERSON, (200, by_hr))},
    "reset_second_factor": both(RESET),
    "disconnect": {"GET": on(PERSON, (302, RESET)), "POST": on(PERSON, (302, RESET))},
    "invitations": {"GET": of_company(GOVERN)},
    "invite_all": {"GET": of_company(GOVERN), "POST": of_company(GOVERN, 422)},
    "invite_person": {
        "GET": on(PERSON, (302, who("people.invite_person"))),
        "POST": on(PERSON, (302, who("people.invite_person"))),
    },
    "revoke_invitation": {
        "GET": on(INVITATION, (302, who("people.revoke_invitation"))),
        "POST": on(INVITATION, (302, who("people.revoke_invitation"))),
    },
    "open_invitation": {"GET": public(302, args=lambda scene, row: ("nobody-was-given-this",))},
    "invitation": {"GET": public(404), "POST": public(404)},
    "open_set_up": {"GET": public(404, args=lambda scene, row: ("nobody-was-given-this",))},
    "set_up": {"GET": public(404), "POST": public(404)},
    "next_steps": {"GET": of_company(GOVERN)},
    "second_factor": {"GET": own(302)},
    "single_sign_on": {"GET": public(404)},
    "single_sign_on_return": {"GET": public(404)},
    "background_work": {"GET": own()},
    "record": {"GET": own()},
    "record_of": {"GET": on(PERSON, (302, ONESELF), (200, RECORD))},
    "record_exports": {
        "GET": on(PERSON, (302, who("records.order_export"))),
        "POST": on(PERSON, (302, who("records.order_export"))),
    },
    "record_holds": {
        "GET": on(PERSON, (302, who("records.hold_person"))),
        "POST": on(PERSON, (302, who("records.hold_person")), body=because),
    },
    "erasure": {"GET": on(PERSON, (200, ERASE)), "POST": on(PERSON, (302, ERASE), body=by_name)},
    "export": {"GET": on(EXPORT, ((302, 200), who("records.read_export") | COPIES))},
    "export_zip": {"GET": on(EXPORT, (200, who("records.download_export") | COPIES))},
    "hold_lifting": {
        "GET": on(HOLD, (302, who("records.lift_hold"))),
        "POST": on(HOLD, (302, who("records.lift_hold")), body=lifting),
    },
    "person_trail": {"GET": on(PERSON, (200, who("people.read_trail_of")))},
    "trail_csv": {"GET": of_company("people.read_trail")},
    "trail_jsonl": {"GET": of_company("people.read_trail")},
    "trail_verification": {
        "GET": of_company("people.read_trail", 302),
        "POST": of_company("people.read_trail", 302),
    },
    "imports": {"GET": of_company(IMPORTING)},
    "import_new": {"GET": of_company(IMPORTING), "POST": of_company(IMPORTING, 422)},
    "import_example": {"GET": of_company(IMPORTING)},
    "import_preview": {"GET": on(IMPORT, (200, who("people.read_import")))},
    "import_mapping": {
        "GET": on(IMPORT, (200, who("people.map_import"))),
        "POST": on(IMPORT, (422, who("people.map_import"))),
    },
    "import_reading": {
        "GET": on(IMPORT, (302, who("people.map_import"))),
        "POST": on(IMPORT, (302, who("people.map_import"))),
    },
    "import_dropped_rows": {
        "GET": on(IMPORT, (302, who("people.read_import"))),
        "POST": on(IMPORT, (422, who("people.apply_import"))),
    },
    "import_refused": {"GET": on(IMPORT, (200, people({"hana hugo": ["previewed", "applied"]})))},
    "import_application": {
        "GET": on(IMPORT, (302, who("people.read_import"))),
        "POST": on(IMPORT, (302, who("people.apply_import")), body=lambda scene, row: {"skip_refused": "on"}),
    },
    "import_undoing": {
        "GET": on(IMPORT, (302, who("people.read_import"))),
        "POST": on(IMPORT, (302, who("people.undo_import"))),
    },
    "import_removal": {
        "GET": on(IMPORT, (302, who("people.read_import"))),
        "POST": on(IMPORT, (302, who("people.drop_import"))),
    },
}
