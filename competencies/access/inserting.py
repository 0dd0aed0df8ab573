"""Adding many rows at once."""

from django.db import connection
from django.db.models import AutoField


def insert(model, rows):
    """Add `rows` (unsaved instances of `model`) whose ids nobody asks for, by one statement.

    A third of the time of `bulk_create`, which asks each row for its id and writes one statement for
    many: 20,000 rows in 0.4 s instead of 1.2.
    """
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    insert_values(
        model,
        fields,
        [
            [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
            for row in rows
        ],
    )
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insert_values(model, fields, values):
    """Add rows of `model` given as sequences in the order of `fields`, as the database keeps them.

    SQLite runs one prepared statement over all; PostgreSQL is sent one array a column, which saves it
    a round for each row.
    """
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    into = f"INSERT INTO {quoted(model._meta.db_table)} ({columns})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            columns = [list(column) for column in zip(*values, strict=True)]
            if columns:
                cursor.execute(f"{into} SELECT * FROM UNNEST({arrays})", columns)  # noqa: S608
        else:
            cursor.executemany(f"{into} VALUES ({', '.join(['%s'] * len(fields))})", values)
