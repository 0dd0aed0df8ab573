"""Coming in, going out, and signs of life."""

from ..actors import PEOPLE
from .asked import EVERYBODY, Asked, on, own, public

IN = {"": frozenset(PEOPLE)}


def door(out):
    """Whoever has signed in is sent on; a save that was sent on here is told so."""
    return Asked((((302, 401), IN), ((out, 401), EVERYBODY)), door="public")


ROUTES = {
    "sign_in": {"GET": door(200), "POST": door(422)},
    "account_login": {"GET": door(200), "POST": door(422)},
    "sign_in_as": {"POST": on("people.Person", door="public")},
    "sign_out": {"POST": public(302)},
    "session": {"GET": Asked(((200, IN), (401, EVERYBODY)), door="public")},
    "theme": {"POST": public(302)},
    "outcome": {"POST": public()},
    "help": {"GET": own()},
    "alive": {"GET": public()},
    "ready": {"GET": public(503)},  # no worker lives here
    "verify": {"GET": public(), "POST": public(422)},
    "verify_code": {"GET": public(404, args=lambda scene, row: ("nobody-was-given-this",))},
}
