"""What a request writes, seen at the connection."""

import re
import secrets
from contextlib import contextmanager
from unittest import mock

from django.db import connection

from competencies.trail.models import Entry

WRITES = re.compile(
    r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE
)
# When a session was last seen, what a visitor is told next, and guesses that are counted.
HARMLESS = {"django_session", "ladder_cache", "usersessions_usersession"}
TRAIL = {"trail_entry", "trail_head"}
TEMPORARY = "temp"  # as which `writes` tells of every temporary table
READINGS = ("read", "listed", "opened", "downloaded", "exported", "searched")


@contextmanager
def writes():
    """Collect the tables that are written inside the block: a list that is filled while it runs."""
    seen = []

    def spy(execute, sql, params, many, context):
        if found := WRITES.match(sql):
            seen.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(spy):
        yield seen


def forget_changes_of_tables():
    """Have SQLite take its tables for unchanged, once a temporary one was made and rolled back.

    Otherwise it reads all tables and triggers anew after each rollback to a savepoint, until the transaction
    of the whole module ends.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA writable_schema = RESET")


@contextmanager
def keys():
    """Collect the keys of tokens and links that are made inside the block."""
    seen, make = [], secrets.token_urlsafe

    def spy(size=None):
        key = make(size)
        if size == 32:  # fewer bytes are no key to anything
            seen.append(key)
        return key

    with mock.patch.object(secrets, "token_urlsafe", spy):
        yield seen


def harmful(written, *, since):
    """Return the tables of `written` that a reading may not touch; of the trail only readings are added."""
    tables = set(written) - HARMLESS
    if tables & TRAIL:
        actions = Entry.objects.filter(sequence__gt=since).values_list("action", flat=True)
        if all(action.split(".")[-1] in READINGS for action in actions):
            tables -= TRAIL
    return tables
