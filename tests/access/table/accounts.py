"""Accounts: everybody's own, and nobody else's."""

from ..actors import PEOPLE
from .asked import EVERYBODY, Asked, on, own, people, public

FACTOR, SESSION = "mfa.Authenticator", "usersessions.UserSession"
PASSWORD = frozenset(["mara", "dora", "stella", "noor", "kit", "hana", "aude", "otto"])
BARE = frozenset(PEOPLE) - PASSWORD
PASSKEY = frozenset({"lena", "hana"})
LIVING = people({"lena": ["in force", "for reading", "for writing"], "hugo": ["of HR"], "mara": ["of Mara"]})
MINE = {f"of {name}": {name} for name in PASSKEY}


def by(**of):
    """Answers by whom they are to: `by(_200=PASSWORD, _302=BARE)`."""
    return Asked(tuple((int(status[1:]), {"": names}) for status, names in of.items()))


def new_token(scene, row):
    return {"label": "Typed.", "scope": "read", "days": 30}


ROUTES = {
    "mfa_authenticate": {"GET": public(302), "POST": public(302)},
    "mfa_login_webauthn": {"GET": public(200), "POST": public(302)},
    "account_reset_password": {"GET": public(), "POST": public(422)},
    "account": {"GET": own()},
    "mfa_index": {"GET": own()},
    "account_change_password": {"GET": by(_200=PASSWORD, _302=BARE), "POST": by(_422=PASSWORD, _302=BARE)},
    "account_set_password": {"GET": by(_302=PASSWORD, _200=BARE), "POST": by(_302=PASSWORD, _422=BARE)},
    "account_reauthenticate": {
        "GET": by(_200=PASSWORD, _302=PASSKEY, _403=BARE),
        "POST": by(_422=PASSWORD, _302=PASSKEY, _403=BARE),
    },
    "mfa_reauthenticate": {
        "GET": by(_302=PASSWORD | PASSKEY, _403=BARE),
        "POST": by(_302=PASSWORD | PASSKEY, _403=BARE),
    },
    "mfa_reauthenticate_webauthn": {
        "GET": by(_200=PASSKEY, _302=PASSWORD, _403=BARE),
        "POST": by(_302=PASSWORD | PASSKEY, _403=BARE),
    },
    "mfa_activate_totp": {"GET": own(), "POST": own(422)},
    "mfa_deactivate_totp": {"GET": Asked(()), "POST": Asked(())},
    "mfa_view_recovery_codes": {"GET": by(_200=PASSKEY), "POST": by(_200=PASSKEY)},
    "mfa_add_webauthn": {"GET": own(), "POST": own(422)},
    "mfa_edit_webauthn": {
        "GET": on(FACTOR, (200, MINE)),
        "POST": on(FACTOR, (302, MINE), body=lambda scene, row: {"name": "Typed"}),
    },
    "mfa_remove_webauthn": {"GET": on(FACTOR, (200, MINE)), "POST": on(FACTOR, (302, MINE))},
    "usersessions_list": {"GET": own(302), "POST": own(302)},
    "end_session": {"GET": own(302, args=lambda scene, row: (1,)), "POST": on(SESSION, (302, MINE))},
    "time_zone": {"GET": own(), "POST": own(302, body=lambda scene, row: {"zone": "Europe/Lisbon"})},
    "tokens": {"GET": own(), "POST": own(body=new_token)},
    "revoke_token": {"GET": on("people.Token", (302, LIVING)), "POST": on("people.Token", (302, LIVING))},
    "account_reset_password_from_key": {
        "GET": Asked(((200, EVERYBODY),), door="public", args=lambda scene, row: ("1", "set-password")),
        "POST": Asked(((422, EVERYBODY),), door="public", args=lambda scene, row: ("1", "set-password")),
    },
}
