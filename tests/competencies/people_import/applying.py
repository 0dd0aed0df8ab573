"""
Applies an import on a database of its own, with somebody else at it or a kill in the middle; prints JSON.

DATABASE_URL names a database without rows of ours; it is thrown away afterwards. With the argument `killed`
the process kills itself where everything but the trail is written; `looked` says what is there after that.
"""

import json
import os
import signal
import sys

import pytest  # noqa: F401  (before the settings: they choose a quick password hasher for tests)

NEW = 40


def main(what):
    import django

    django.setup()
    print(json.dumps(STEPS[what]()))


def found(begin):
    from django.core.management import call_command

    from competencies.people.models import Organisation, Person
    from competencies.people_import.models import Import

    call_command("migrate", verbosity=0)
    hana = Person.objects.filter(email="hana@testing.example").first()
    if hana is None:
        hana = Person.welcome(by=None, email="hana@testing.example", name="Hana")
        hana.grant("hr", by=None)
    numbers = range(begin, begin + NEW)
    rows = [f"{n},person{n}@testing.example,Person {n},{begin if n > begin else ''}" for n in numbers]
    content = "\n".join(["Staff number,Email,Name,Manager", *rows]).encode()
    made = Import.upload(content, file="people.csv", within=Organisation.here(), by=hana)
    columns = {"number": 0, "email": 1, "name": 2, "manager": 3}
    made.work_out({"columns": columns, "dates": "iso", "leavers": False}, by=hana)
    return Import.objects.get(pk=made.pk), hana


def meanwhile(write):
    """Have `write()` done by somebody else each time that an import is prepared; return how these ended."""
    from competencies.people_import.models import imports
    from tests.competencies.reviews.racing import at_once

    ends, prepare = [], imports.prepare

    def prepared(*args, **options):
        ends.extend(at_once(write))
        return prepare(*args, **options)

    imports.prepare = prepared
    return ends


def others_write_while_it_is_prepared():
    from competencies.people.models import Person
    from competencies.trail.models import record
    from tests.competencies.reviews.racing import whole

    made, hana = found(1000)
    ends = meanwhile(lambda: record("evidence.logged", hana, by=hana, about=hana))
    made.apply(by=hana)
    return {"ends": ends, "people": Person.objects.count() - 1, "whole": whole()}


def people_change_while_it_is_prepared():
    from competencies.people.models import Person
    from competencies.people_import.models import Import

    made, hana = found(2000)
    names = iter(["Hana Once", "Hana Twice"])  # the third time everybody waits
    ends = meanwhile(lambda: Person.objects.get(pk=hana.pk).describe(by=hana, name=next(names)))
    made.apply(by=hana)
    return {"ends": ends, "people": Person.objects.count() - 1, "state": Import.objects.get(pk=made.pk).state}


def killed():
    from competencies.trail.batches import Batch

    made, hana = found(0)
    Batch.join = lambda self: os.kill(os.getpid(), signal.SIGKILL)
    made.apply(by=hana)


def looked():
    from competencies.people.models import ManagerPath, Person, ReportingLine, Word
    from competencies.people_import.models import Import
    from tests.competencies.reviews.racing import whole

    made = Import.objects.get()
    there = {model.__name__: model.objects.count() for model in (ReportingLine, ManagerPath)}
    there |= {
        "people": Person.objects.count() - 1,
        "words of them": Word.objects.filter(text="person").count(),
    }
    state = made.state
    made.apply(by=Person.objects.get())
    return {"there": there, "state": state, "people": Person.objects.count() - 1, "whole": whole()}


STEPS = {step.__name__: step for step in (
    others_write_while_it_is_prepared, people_change_while_it_is_prepared, killed, looked,
)}  # fmt: skip

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
    main(sys.argv[1])
