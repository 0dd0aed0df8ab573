"""What of the trail stays between its actor and the auditor.

An entry that somebody is writing would give a draft away before its author shows it. The apps name
the actions of which that is so; nobody is shown such entries of others, the auditor apart.

Of some actions the person whom they are about is told as well, and nobody else: that a draft was opened to
them is between the two.

Of others not even the actor is told: whoever answers a case without a name on it would read the name there.

And an entry of what somebody decided for a day to come would tell the person whom it is about before
that day: of such actions `details["on"]` is the day, and the entry is theirs to read from then on.

What somebody may read of the trail must not confirm a guess at what they may not. So of any entry the
digests, the head and the numbers in its details are for the auditor alone, but those of what is public.
"""

from __future__ import annotations

import re
from typing import Any

CHAIN = frozenset({"digest", "previous", "head", "first", "salt", "sha256"})
HEX_DIGITS = re.compile(r"[0-9a-f]{12,}", re.IGNORECASE)  # part of a digest, and more than a count

_public: set[str] = set()
_quiet: set[str] = set()
_between: set[str] = set()
_dated: set[str] = set()
_unnamed: set[str] = set()


def keep_quiet(*actions: str) -> None:
    """Show entries of these actions to their actor and the auditor alone. Returns nothing."""
    _quiet.update(actions)


def keep_between(*actions: str) -> None:
    """Show entries of these actions to their actor, to whom they are about, and to the auditor alone."""
    _between.update(actions)


def keep_to_the_auditor(*actions: str) -> None:
    """Show entries of these actions to the auditor alone, as their actor may not know whom they are about."""
    _quiet.update(actions)
    _unnamed.update(actions)


def keep_until_the_day(*actions: str) -> None:
    """Show entries of these actions to whom they are about from the day in `details["on"]` on."""
    _dated.update(actions)


def show_digests(*actions: str) -> None:
    """Show the digests in entries of these actions to all who read them: their content is public."""
    _public.update(actions)


def details_for_others(action: str, details: dict[str, Any]) -> dict[str, Any]:
    """Return the `details` (a dict) of an entry as whoever is not the auditor reads them."""
    if action in _public:
        return details
    return {name: value for name, value in details.items() if name not in CHAIN and not _tells(value)}


def _tells(value: object) -> bool:
    """Return True if there is a digest, or part of one, anywhere in a JSON value."""
    if isinstance(value, dict):
        return any(name in CHAIN or _tells(part) for name, part in value.items())
    if isinstance(value, list):
        return any(map(_tells, value))
    return isinstance(value, str) and HEX_DIGITS.search(value) is not None


def dated_actions() -> list[str]:
    """Return the actions whose entries are kept until their day, in order."""
    return sorted(_dated)


def actions_of_the_auditor() -> list[str]:
    """Return the actions whose entries their actor is not shown either, in order."""
    return sorted(_unnamed)


def quiet_actions() -> list[str]:
    """Return the actions that are kept quiet, in order."""
    return sorted(_quiet)


def actions_between() -> list[str]:
    """Return the actions whose entries are between their actor and whom they are about, in order."""
    return sorted(_between)
