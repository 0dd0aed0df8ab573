"""Four writers add to the trail of a database of their own; prints what came of it as JSON."""

import json
import sys

import pytest  # noqa: F401  (before the settings: they choose a quick password hasher for tests)


def main():
    import django

    django.setup()
    from django.core.management import call_command

    from competencies.people.models import Person
    from competencies.trail.models import Entry, record
    from competencies.trail.verifying import breaks
    from tests.competencies.reviews.racing import at_once

    call_command("migrate", verbosity=0)
    person = Person.objects.create_user("one@testing.example", "One")
    before = Entry.objects.count()

    def fifty():
        for number in range(50):
            record("thing.done", person, by=person, number=number)

    ends = at_once(*[fifty] * 4)
    added = Entry.objects.count() - before
    json.dump({"ends": ends, "added": added, "breaks": [str(broken) for broken in breaks()]}, sys.stdout)


if __name__ == "__main__":
    main()
