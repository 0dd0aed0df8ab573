"""
Brings a database of before imports were an app of their own up to date; prints what came of it as JSON.

DATABASE_URL names an empty database. It is made whole, two files are brought in, of which one is applied,
and it is taken back to what it was before the move: the same tables, under the former names of their models.
"""

import json
import sys

import pytest  # noqa: F401  (before the settings: they choose a quick password hasher for tests)

BEFORE = [("people", "0014_idempotency")]
NAMES = ("import", "sheet", "preview", "finding", "application", "memory", "undoing", "withdrawal", "run")
MAPPING = {"columns": {"number": 0, "email": 1, "name": 2}, "dates": "iso", "leavers": False}


def main():
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    bring_two_files()
    call_command("migrate", *BEFORE[0], verbosity=0)
    before = standing()
    call_command("migrate", verbosity=0)
    json.dump({"before": before, "after": standing(), **what_can_be_done()}, sys.stdout)


def bring_two_files():
    from competencies.people.models import Organisation, Person
    from competencies.people_import.models import Import

    hana = Person.welcome(by=None, email="hana@testing.example", name="Hana")
    hana.grant("hr", by=None)
    for number in (1, 2):
        content = f"Staff number,Email,Name\n{number},person{number}@testing.example,Person {number}\n"
        made = Import.upload(content.encode(), file=f"{number}.csv", within=Organisation.here(), by=hana)
        made.work_out(MAPPING, by=hana)
    Import.objects.get(file="1.csv").apply(by=hana)


def standing():
    """Return under which app Django knows the models, and their permissions, and how many rows there are."""
    from django.db import connection

    def first_column(sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return [row[0] for row in cursor.fetchall()]

    these = f"model IN {NAMES} AND app_label LIKE 'people%%'"
    again = "app_label = 'people' AND model IN ('chain', 'managerpath', 'gap', 'missingassignment')"
    return {
        "renamed": sorted(first_column(f"SELECT model FROM django_content_type WHERE {again}")),
        "apps": sorted(set(first_column(f"SELECT app_label FROM django_content_type WHERE {these}"))),
        "kinds": first_column(f"SELECT count(*) FROM django_content_type WHERE {these}")[0],
        "permissions": first_column(
            "SELECT count(*) FROM auth_permission JOIN django_content_type AS kind"
            f" ON kind.id = content_type_id WHERE {these}"
        )[0],
        "rows": {name: first_column(f"SELECT count(*) FROM people_{name}")[0] for name in NAMES},
    }


def what_can_be_done():
    from competencies.people.models import Person
    from competencies.people_import.models import Import
    from competencies.trail.kinds import kind_of
    from competencies.trail.models import Entry
    from competencies.trail.trigger_installation import missing
    from competencies.trail.verifying import breaks
    from ladder.pages.trail.forms import SearchForm

    hana = Person.objects.get(email="hana@testing.example")
    states = {made.file: made.state for made in Import.objects.with_state()}
    Import.objects.get(file="2.csv").apply(by=hana)
    Import.objects.get(file="1.csv").undo(by=hana)
    applied = Import.objects.get(file="1.csv")
    form = SearchForm({"record": f"import {applied.pk}"})
    told = form.is_valid() and Entry.objects.matching(record=form.cleaned_data["record"])
    return {
        "states": states,
        "states after": {made.file: made.state for made in Import.objects.with_state()},
        "gone": not Person.objects.get(number="1").is_active,
        "told": [entry.action for entry in told.order_by("sequence")],
        "kinds of record": sorted(set(told.values_list("row_model", flat=True)) | {kind_of(Import)}),
        "breaks": [str(broken) for broken in breaks()],
        "missing": sorted(missing()),
    }


if __name__ == "__main__":
    main()
