"""What a web server does before somebody waits for it: all that a first page does, and later ones find done.

The program is loaded before the database is there. Each worker makes the rest ahead in a thread of its own,
while it answers already; `/readyz` says so until that is done. It asks the database what every page asks
before it is answered, writes nothing, and is nobody. While the database is away it waits.
"""

import gc
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from time import monotonic, sleep
from typing import TypeVar

from django.contrib.auth import get_backends
from django.db import InterfaceError, OperationalError, connections
from django.template import Template, engines
from django.urls import reverse

from competencies.core.compiled_rules import compiled_rule
from competencies.core.permissions import every_rule
from competencies.core.prepared import to_prepare
from ladder.installation import TEMPLATES
from ladder.ops.maintenance import Migrating, Unfit, sharing

Made = TypeVar("Made")
Pieces = Callable[[], Iterable[Callable[[], object]]]  # gives what makes one thing each, within a moment

SELDOM = ("mail", "pdf", "copy")  # folders of what no page shows
OUTAGES = (Migrating, Unfit, OperationalError, InterfaceError, OSError)
PAUSE = 1  # seconds until a database is asked again that was away
COURTESY, GLANCE = 10, 0.005  # seconds that are left to pages in all, and between two looks at them
ahead: list[Pieces] = []
log = logging.getLogger(__name__)


@cache
def load_program() -> None:
    """Load addresses, tags and who lets people in, once a process; ask nothing of the database."""
    gc.disable()  # there is nothing to collect meanwhile
    reverse("home")
    get_backends()
    engines.all()
    gc.freeze()  # what is there stays, and is shared by the processes that are forked from this one
    gc.enable()


@cache
def load_templates() -> None:
    """Load the templates of pages, once a process: the first page need not wait for those of all others."""
    gc.disable()
    for _template in page_templates():
        pass
    gc.collect()
    gc.freeze()
    gc.enable()


def names_of_page_templates() -> Iterator[str]:
    for file in TEMPLATES.rglob("*.html"):
        name = file.relative_to(TEMPLATES)
        if not set(name.parts[:-1]) & set(SELDOM):
            yield name.as_posix()


def page_templates() -> Iterator[Template]:
    """Give every template of pages, which the engine keeps."""
    for name in names_of_page_templates():
        yield engines["django"].get_template(name).template  # type: ignore[attr-defined]


def made_ahead(pieces: Pieces) -> Pieces:
    """Have each worker make what a function gives, before somebody asks for it."""
    ahead.append(pieces)
    return pieces


@made_ahead
def templates() -> Iterator[Callable[[], object]]:
    """Give what loads each template, where the worker was not forked from a process that has them."""
    for name in names_of_page_templates():
        yield partial(engines["django"].get_template, name)


made_ahead(to_prepare)


@made_ahead
def rules() -> Iterator[Callable[[], object]]:
    """Give what compiles each rule for the database of its model."""
    for rule in every_rule():
        yield partial(compiled_rule, rule.rows, rule.model, rule.model._base_manager.db)


class WarmingUp:
    """The thread of a worker that makes things ahead, where there is one."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None

    def begin(self, is_busy: Callable[[], bool], leaves: Callable[[], bool]) -> None:
        self.thread = threading.Thread(target=warm_up, args=(is_busy, leaves), name="warming up", daemon=True)
        self.thread.start()

    def is_under_way(self) -> bool:
        return self.thread is not None and self.thread.is_alive()


warming_up = WarmingUp()


def warm_up(is_busy: Callable[[], bool] = lambda: False, leaves: Callable[[], bool] = lambda: False) -> None:
    """Make all that is made ahead, one after the other; leave no connection behind.

    Pages go first while `is_busy()`; once the worker `leaves()`, no more is made.
    """
    courtesy = Courtesy(is_busy)
    try:
        for pieces in ahead:
            for make in once_possible(partial(_listed, pieces), leaves) or ():
                courtesy.wait()
                once_possible(make, leaves)
    finally:
        connections.close_all()


def _listed(pieces: Pieces) -> list[Callable[[], object]]:
    return list(pieces())


def once_possible(make: Callable[[], Made], leaves: Callable[[], bool]) -> Made | None:
    """Return what is made once the database lets us; None where the worker leaves before, or it fails."""
    said = False
    while not leaves():
        try:
            with sharing():
                return make()
        except OUTAGES as problem:
            if not said:
                log.info("Warming up is waiting: %s", problem)
            said = True
            connections.close_all()
            sleep(PAUSE)
        except Exception:
            log.exception("Warming up failed: the page is prepared when it is first requested.")
            return None
    return None


class Courtesy:
    """Waits for pages that are being answered, some seconds in all: they would wait for this thread."""

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        self.is_busy, self.left = is_busy, float(COURTESY)

    def wait(self) -> None:
        begun = monotonic()
        while self.is_busy() and monotonic() < begun + self.left:
            sleep(GLANCE)
        self.left -= monotonic() - begun
