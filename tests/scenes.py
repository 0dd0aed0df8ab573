"""Scenes: what tests begin with, played once in a process and written down for all tests after.

A fixture that takes a case through ten transitions asks the rules each time, and asks nothing new: half of
the time of such tests went into it. With `@scene` instead of `@pytest.fixture` the first test plays it as
ever. What it wrote is noted, statement by statement, with what it returned, and written anew for the next
test that comes to it from the same beginning; a test's transaction undoes it as it undoes anything else.

A scene writes to the database alone, and returns what can be pickled: rows, and lists or namespaces of them.
The sequences of PostgreSQL, which a rollback leaves where they are, are set back before the first scene of a
test, so that rows get the ids that they had.
"""

import io
import pickle
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from pathlib import Path
from types import SimpleNamespace

import pytest

READING = ("SELECT", "PRAGMA", "EXPLAIN")
DRAWING = "nextval("  # a reading that leaves a sequence elsewhere
POINTS = ("SAVEPOINT", "RELEASE")  # of no use unless something was taken back
WHERE_SEQUENCES_ARE = """
    SELECT format('setval(''%I.%I'', %s, %L)', schemaname, sequencename, coalesce(last_value, start_value),
                  last_value IS NOT NULL)
    FROM pg_sequences
"""


def scene(build):
    """Make a fixture of a function that writes rows, as `pytest.fixture` does."""

    @wraps(build)
    def played(**needed):
        return stage.play(build, needed)

    return pytest.fixture(played)


@dataclass
class Script:
    """What one scene wrote, how many rows that changed, and what it returned."""

    statements: list
    changes: int
    returned: bytes


class Stage:
    """The scenes that the test at hand has played so far, and the scripts of all that were ever played."""

    def __init__(self):
        self.scripts, self.played = {}, ()
        self._changes = None
        self._sequences = ""  # the statement that sets those of PostgreSQL back

    def begin(self):
        """Begin a test: nothing was written yet. A fixture that writes between two scenes ends the noting."""
        from django.db import connection

        self.played = ()
        bare = connection.connection and not connection.in_atomic_block
        self._changes = counter.changes(connection) if bare else None

    def play(self, build, needed):
        from django.db import connection

        if not self._may_be_written_down(connection):
            self._changes = None
            return build(**needed)
        if connection.vendor == "postgresql" and not self.played:
            self._set_sequences_back(connection)
        self.played = (*self.played, build)
        beginning = (*self.played, *_circumstances())
        if script := self.scripts.get(beginning):
            returned = _perform(script, connection, needed)
        else:
            returned, self.scripts[beginning] = _note_down(build, connection, needed)
        self._changes = counter.changes(connection)
        return returned

    def _set_sequences_back(self, connection):
        with connection.create_cursor() as cursor:
            if not self._sequences:
                cursor.execute(WHERE_SEQUENCES_ARE)
                self._sequences = f"SELECT {', '.join(setting for (setting,) in cursor.fetchall())}"
            cursor.execute(self._sequences)

    def _may_be_written_down(self, connection):
        """Return True if all that was written since the test began is what its scenes wrote."""
        from django.utils import timezone

        from competencies.core.clock import now

        return (
            self._changes is not None
            and len(connection.atomic_blocks) == 1  # that of the test
            and counter.changes(connection) == self._changes
            and abs(now() - timezone.now()) < timedelta(seconds=1)  # nobody holds the clock
        )


class Counter:
    """How many rows were changed: SQLite counts them itself, those on PostgreSQL are counted by statement."""

    def __init__(self):
        self._rows = 0

    def changes(self, connection):
        if connection.vendor == "sqlite":
            return connection.connection.total_changes
        if self not in connection.execute_wrappers:
            connection.execute_wrappers.insert(0, self)
        return self._rows

    def __call__(self, execute, sql, given, many, context):
        result = execute(sql, given, many, context)
        self.add(sql, context["cursor"])
        return result

    def add(self, sql, cursor):
        if not _only_reads(sql):
            self._rows += abs(cursor.rowcount)


stage, counter = Stage(), Counter()


def _circumstances():
    """Return what a scene may come out differently by: the day, and the settings that a test changed."""
    from django.conf import settings

    from competencies.core.clock import today

    changed, layer = {}, settings._wrapped
    while hasattr(layer, "default_settings"):
        changed = {name: value for name, value in vars(layer).items() if name.isupper()} | changed
        layer = layer.default_settings
    of_note = {name: value for name, value in changed.items() if not isinstance(value, Path)}
    return today(), repr(sorted(of_note.items()))


def _note_down(build, connection, needed):
    statements, before = [], counter.changes(connection)

    def note(execute, sql, given, many, context):
        statements.append((sql, given, many))
        return execute(sql, given, many, context)

    with connection.execute_wrapper(note):
        returned = build(**needed)
    changes = counter.changes(connection) - before
    return returned, Script(_writing(statements), changes, _pickled(returned, needed))


def _writing(statements):
    taken_back = any(sql.startswith("ROLLBACK") for sql, *_rest in statements)
    left_out = READING if taken_back else READING + POINTS
    return [statement for statement in statements if not _only_reads(statement[0], left_out)]


def _only_reads(sql, reading=READING + POINTS):
    return sql.lstrip("( ").startswith(reading) and DRAWING not in sql


def _perform(script, connection, needed):
    before = counter.changes(connection)
    for sql, given, many in script.statements:
        cursor = connection.create_cursor()
        (cursor.executemany if many else cursor.execute)(sql, given)
        counter.add(sql, cursor)
        cursor.close()
    changes = counter.changes(connection) - before
    if changes != script.changes:
        raise RuntimeError(f"A scene changed {script.changes} rows when it was played, and now {changes}.")
    returned, states = _Reading(io.BytesIO(script.returned), _named(needed)).load()
    for name, state in states.items():
        vars(_named(needed)[name]).update(state)
    return returned


def _pickled(returned, needed):
    """Return what a scene returned, and what became of the rows it was given, without a copy of these."""
    named, file = _named(needed), io.BytesIO()
    states = {name: vars(row) for name, row in named.items() if hasattr(row, "_state")}
    _Writing(file, {id(row): name for name, row in named.items()}).dump((returned, states))
    return file.getvalue()


def _named(needed):
    """Return whatever a scene was given by a name, and by one of its own what is in its lists."""
    named = dict(needed)
    for name, value in needed.items():
        if isinstance(value, list | tuple):
            named |= {f"{name}.{place}": one for place, one in enumerate(value)}
        elif isinstance(value, SimpleNamespace):
            named |= {f"{name}.{key}": one for key, one in vars(value).items()}
    return named


class _Writing(pickle.Pickler):
    def __init__(self, file, names):
        super().__init__(file)
        self._names = names

    def persistent_id(self, value):
        return self._names.get(id(value))


class _Reading(pickle.Unpickler):
    def __init__(self, file, named):
        super().__init__(file)
        self._named = named

    def persistent_load(self, name):
        return self._named[name]
