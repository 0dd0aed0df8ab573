"""What is sent twice is done once: the transaction that does it also takes the key it was sent under.

A door that was handed a key puts a function here; whatever adds to the trail calls it first, inside the
transaction of what it records. So the key is taken if, and only if, the work is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Taking = Callable[[], object]

_taking: ContextVar[Taking | None] = ContextVar("taking", default=None)


def take_key() -> None:
    """Take the key of what is being done, where it was sent under one."""
    if take := _taking.get():
        take()


@contextmanager
def taking(take: Taking | None) -> Iterator[None]:
    """Have `take()` called by the first write inside the block; None where writes take no key."""
    token = _taking.set(take)
    try:
        yield
    finally:
        _taking.reset(token)
