"""Who asks: everybody of the company by session, some by key, and those who are not let in at all."""

from dataclasses import dataclass

from django.test import Client

from tests.competencies.core.cast import EVERYONE
from tests.conftest import just_confirmed

PEOPLE = tuple(EVERYONE.split())
OUTSIDE = ("anonymous", "invited", "gone", "nemo")


@dataclass(frozen=True)
class Actor:
    """One who asks: as whom the rules see them, None for nobody, and the door through which they come."""

    name: str
    person: str | None = None
    key: str = ""
    reads_only: bool = False

    def __str__(self):
        return self.name


BY_SESSION = tuple(Actor(name, name) for name in PEOPLE)
NOT_LET_IN = tuple(Actor(name) for name in OUTSIDE)
BY_KEY = tuple(
    Actor(
        name,
        name.split()[0] if " by key" in name else None,
        key=name,
        reads_only=name.endswith("for reading"),
    )
    for name in (
        "lena by key for reading",
        "lena by key for writing",
        "mara by key for writing",
        "hugo by key for reading",
        "a revoked key",
        "an expired key",
        "the key of somebody gone",
    )
)


def clients(scene):
    """Return `{actor: client}`, everybody signed in who can be."""
    made = {}
    for actor in (*BY_SESSION, *NOT_LET_IN, *BY_KEY):
        made[actor] = client = Client(raise_request_exception=False)
        if actor.key:
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {scene.keys[actor.key]}"
        elif actor.name == "invited":
            client.post("/sign-in/", {"login": scene.people["lars"].email, "password": "!"})
        elif actor.name != "anonymous":
            client.force_login(scene.people[actor.name])
            just_confirmed(client, scene.people[actor.name])
    return made
