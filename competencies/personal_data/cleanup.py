"""What the product keeps of people outside the domain: sessions, second factors, mails.

The domain knows none of it. An app that keeps more registers a function here, in its `records.py`,
and an erasure calls it inside its transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from competencies.people.models import Person

    from .redaction import Mentions


Clearing = Callable[["Person", "Mentions"], int]

_functions: dict[str, tuple[StrOrPromise, Clearing]] = {}


def clearing(name: str, label: StrOrPromise) -> Callable[[Clearing], Clearing]:
    """Register the decorated `function(person, mentions)`, which removes what is kept and returns how much.

    `name` is the key under which it is counted, `label` how it is called.
    """

    def register(function: Clearing) -> Clearing:
        _functions[name] = (label, function)
        return function

    return register


def every_clearing() -> dict[str, tuple[StrOrPromise, Clearing]]:
    """Return `{name: (label, function)}`."""
    return dict(_functions)
