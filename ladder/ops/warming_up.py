"""What a web server does before it answers: all that a first page would wait for, and later ones find done.

It asks the database what every page asks before it is answered, writes nothing, and is nobody. Where the
database is away or does not fit, the first pages do the rest, and tell of it.
"""

import gc
import logging
from contextlib import suppress

from django.db import Error, connections
from django.template import engines
from django.urls import reverse

from competencies.core.compiled_rules import compiled_rule
from competencies.core.permissions import every_rule
from ladder.installation import TEMPLATES
from ladder.ops.maintenance import Migrating, Unfit, sharing

SELDOM = ("mail", "pdf", "copy")  # folders of what no page shows
log = logging.getLogger(__name__)


def warm_up():
    """Load the addresses and templates, and compile the rules; leave no connection behind."""
    reverse("home")
    load_templates()
    try:
        with suppress(Migrating, Unfit), sharing():
            compile_rules()
    except (Error, OSError) as problem:
        log.info("The rules are compiled once they are asked: %s", problem)
    finally:
        connections.close_all()
    gc.collect()
    gc.freeze()  # what is there stays, and is shared by the processes that are forked from this one


def load_templates():
    """Load every template of pages into the cache of the engine."""
    for file in TEMPLATES.rglob("*.html"):
        name = file.relative_to(TEMPLATES)
        if not set(name.parts[:-1]) & set(SELDOM):
            engines["django"].get_template(name.as_posix())


def compile_rules():
    """Compile each rule for the database of its model."""
    for rule in every_rule():
        compiled_rule(rule.rows, rule.model, rule.model._base_manager.db)
