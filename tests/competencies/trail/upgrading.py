"""A database of before entries had bits is brought up to date; prints what came of it as JSON."""

import json
import sys

import pytest  # noqa: F401  (before the settings: they choose a quick password hasher for tests)

OLD_SHAPE = ("previous", "sequence", "at", "actor_id", "action", "row_model", "row_pk", "about_id", "data")


def main():
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.utils import timezone

    executor = MigrationExecutor(connection)
    executor.migrate([("trail", "0003_search")])
    before = MigrationExecutor(connection).loader.project_state([("trail", "0003_search")]).apps
    from competencies.trail.models import GENESIS, canonical, digest_of

    person = before.get_model("people", "Person").objects.create(email="one@testing.example", name="One")
    digest, old = GENESIS, before.get_model("trail", "Entry")
    for number in range(1, 41):
        said = {
            "previous": digest, "sequence": number, "at": timezone.now(), "actor_id": person.pk,
            "action": "thing.done", "row_model": "people.person", "row_pk": str(person.pk),
            "about_id": person.pk, "data": canonical({"number": number}),
        }  # fmt: skip
        digest = digest_of(*(said[name] for name in OLD_SHAPE))
        old.objects.create(digest=digest, **said)
    before.get_model("trail", "Head").objects.create(pk=1, sequence=40, digest=digest)

    call_command("migrate", verbosity=0)
    from competencies.people.models import Person
    from competencies.trail.models import Entry, Head, record
    from competencies.trail.trigger_installation import missing
    from competencies.trail.verifying import Witness, breaks

    witness = Witness(40, digest)
    kept = str(Head.here()) == f"40:{digest}"
    person = Person.objects.get()
    added = [record("thing.done", person, by=person, number=number) for number in range(5)]
    json.dump(
        {
            "kept": kept,
            "breaks": [str(broken) for broken in breaks(against=[witness])],
            "salted": [bool(entry.salt) for entry in Entry.objects.order_by("sequence")].count(True),
            "identifiers": Entry.objects.values("public_id").distinct().count(),
            "joined": added[0].previous == digest,
            "missing": sorted(missing()),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
