"""OR REPLACE, by which SQLite deletes a row without a DELETE, takes no closed row away."""

import contextlib
import shutil
import sqlite3

import pytest
from django.apps import apps
from django.db import connection

from competencies.trail.trigger_installation import declared

from .test_maintenance import company  # noqa: F401  the demo company in a database of its own

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROWS = 3  # of a table that are tried


@pytest.fixture(scope="module")
def there(company, tmp_path_factory):  # noqa: F811
    """The database as somebody has it in their hands who wants to forge a row: no check of references."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite knows OR REPLACE")
    file = tmp_path_factory.mktemp("forged") / "copy.sqlite3"
    shutil.copy(company.url.removeprefix("sqlite:///"), file)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as opened:
        yield opened


def test_no_closed_row_is_replaced_by_an_insert(there):
    forged, tried = [], 0
    for table in closed_tables():
        for row in closed_rows(there, table):
            for key in unique_keys(there, table):
                for values in forgeries(there, table, row, key):
                    tried += 1
                    if not survives(there, table, row, *insert_or_replace(table, values)):
                        forged.append((table, key))

    assert forged == []
    assert tried > 100


def test_no_closed_row_is_replaced_by_an_update_of_another(there):
    forged, tried = [], 0
    for table in closed_tables():
        other = next((row for row in rows(there, table) if can_go(there, table, row)), None)
        for row in closed_rows(there, table) if other else ():
            for key in unique_keys(there, table):
                tried += 1
                setting = ", ".join(f'"{column}" = ?' for column in key)
                values = [row[column] for column in key] + [other[keys()[table]]]
                update = f"UPDATE OR REPLACE {table} SET {setting} WHERE {keys()[table]} = ?"
                if not survives(there, table, row, update, values):
                    forged.append((table, key))

    assert forged == []
    assert tried > 5


def closed_tables():
    """Return the tables of which a row may be closed once it is there."""
    guarded = {name.rpartition("_replace_")[0].removeprefix("closed_") for name in declared()}
    return sorted(guarded & set(keys()))


def keys():
    """Return the primary key of each table."""
    return {m._meta.db_table: m._meta.pk.column for m in apps.get_models(include_auto_created=True)}


def rows(there, table):
    cursor = there.execute(f"SELECT * FROM {table} ORDER BY {keys()[table]}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor]


def closed_rows(there, table):
    return [row for row in rows(there, table)[: 10 * ROWS] if not can_go(there, table, row)][:ROWS]


def can_go(there, table, row):
    return not survives(
        there, table, row, f"DELETE FROM {table} WHERE {keys()[table]} = ?", [row[keys()[table]]]
    )


def unique_keys(there, table):
    """Return the columns of each unique key, as the database itself has them."""
    indexes = there.execute(f"SELECT name FROM pragma_index_list('{table}') WHERE \"unique\"").fetchall()
    for (index,) in indexes:
        yield [name for (name,) in there.execute(f"SELECT name FROM pragma_index_info('{index}')")]
    yield [keys()[table]]


def forgeries(there, table, row, key):
    """Give rows that have one key of `row` and differ from it otherwise: with its id, and with another."""
    altered = {
        column: f"{value}x" if isinstance(value, str) and column not in key else value
        for column, value in row.items()
    }
    yield altered
    if key != ["id"] and keys()[table] == "id":
        (last,) = there.execute(f"SELECT MAX(id) FROM {table}").fetchone()
        yield altered | {"id": last + 1}
        yield {column: value for column, value in altered.items() if column != "id"}


def insert_or_replace(table, values):
    columns, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
    return f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", list(values.values())


def survives(there, table, row, statement, values):
    """Try a statement, say whether `row` is as it was after it, and take it back."""
    there.execute("SAVEPOINT tried")
    try:
        there.execute(statement, values)
    except sqlite3.IntegrityError:
        return True
    else:
        return row in rows(there, table)
    finally:
        there.execute("ROLLBACK TO tried")
        there.execute("RELEASE tried")
