"""The schema of a database as text, whichever way it came there: columns may stand in another order."""

import re


def schema(connection):
    """Return a line for each part of each table, index, constraint and trigger of a database, sorted."""
    return sorted({"sqlite": _of_sqlite, "postgresql": _of_postgres}[connection.vendor](connection))


def _of_sqlite(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        found = cursor.fetchall()
    for kind, name, sql in found:
        text = re.sub(r"\s+", " ", sql).replace('"', "")
        if kind == "table" and (body := re.fullmatch(r"CREATE TABLE \S+ \((.*)\)", text)):
            yield from (f"{name}: {part}" for part in _parts(body[1]))
        else:
            yield text


def _parts(text):
    """Return what the commas of `text` part, but for those within parentheses or quotes."""
    parts, depth, quoted = [""], 0, False
    for letter in text:
        quoted ^= letter == "'"
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if letter == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


POSTGRES = {
    "column": """
        SELECT concat_ws(
            ' ', table_name || '.' || column_name, udt_name, character_maximum_length, is_nullable,
            'default', column_default, 'identity', identity_generation, 'collate', collation_name,
            'as', generation_expression
        )
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraint": """
        SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "index": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "function": """
        SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
}  # fmt: skip


# How PostgreSQL words a condition depends on whether it was given it by a program or by a dump of its own.
WORDED = re.compile(r"::(character varying|text|bpchar)(\[\])?|[()]")


def _of_postgres(connection):
    with connection.cursor() as cursor:
        for kind, query in POSTGRES.items():
            cursor.execute(query)
            for (text,) in cursor.fetchall():
                yield f"{kind} {' '.join(WORDED.sub('', text).split())}"
