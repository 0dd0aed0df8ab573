"""An import of 20,000 people seven deep: read, previewed, applied, once more, changed throughout, undone.

The steps are those of the background worker, progress told included, on a database that holds nobody
else, beside somebody who saves all the time. The file is read in the request that brings it.
`LADDER_IMPORTED=49000` makes it so many people.
"""

import csv
import io
import os
import resource
import sys
import time
from pathlib import Path

from .waiting import somebody_saving

PEOPLE, REPORTS_EACH = int(os.environ.get("LADDER_IMPORTED", "20000")), 5
SEED = Path(__file__).resolve().parents[2] / "seeds" / "frameworks" / "backend.yaml"
HEADINGS = (
    "Staff number", "Email", "Name", "Job title", "Team", "Joined", "Manager", "Manager since", "Track",
    "Level", "Level since",
)  # fmt: skip


def rows(title):
    yield HEADINGS
    for n in range(PEOPLE):
        manager = (str(10_000 + (n - 1) // REPORTS_EACH), "2024-01-01") if n else ("", "")
        yield (
            str(10_000 + n), f"person{n}@bench.example", f"Person Number {n}", title,
            f"Team {n // REPORTS_EACH}", f"2020-01-{1 + n % 28:02}", *manager,
            "Java backend", "Senior" if n % 3 else "Staff", "2024-02-01",
        )  # fmt: skip


def as_csv(title):
    file = io.StringIO()
    csv.writer(file).writerows(rows(title))
    return file.getvalue().encode()


def as_xlsx(title):
    from openpyxl import Workbook

    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("People")
    for row in rows(title):
        sheet.append(row)
    book.save(file)
    return file.getvalue()


def measured(what, step, *arguments, **options):
    """Take a step; print what it took and return what it gave."""
    wall, cpu = time.perf_counter(), time.process_time()
    given = step(*arguments, **options)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {what:<34} {wall:6.1f} s  (processor {cpu:5.1f} s)   peak {peak:4.0f} MB", flush=True)
    return given


def found():
    """Make an empty company with a ladder and one of HR; return them."""
    from django.core.management import call_command

    from competencies.framework.loading import load
    from competencies.people.models import Organisation, Person, RoleGrant

    call_command("migrate", verbosity=0)
    edition = load(SEED.read_bytes(), file=SEED.name, by=None)
    hr = Person.objects.create_user("hr@bench.example", "Hana Benchmark")
    for role in ("hr", "author"):
        RoleGrant.objects.create(person=hr, role=role)
    edition.publish(by=hr)
    return Organisation.here(), hr


def bring(what, content, file, here, hr):
    from competencies.people_import.detection import guess
    from competencies.people_import.models import Import, Run
    from ladder.jobs.performing import perform as done

    made = measured(f"{what}: read {file}", Import.upload, content, file=file, within=here, by=hr)
    mapping = {"columns": guess(made.sheet.headings), "dates": "iso", "leavers": False}
    run = Run.ask(made, Run.Kind.WORK_OUT, by=hr, mapping=mapping)
    with somebody_saving():
        measured(f"{what}: preview", done.call, run.job_id)
    made = Import.objects.with_state().get(pk=made.pk)
    print(f"    {made.preview.counts}")
    return made


def perform(what, made, kind, hr, **options):
    from competencies.people_import.models import Run
    from ladder.jobs.performing import perform as done

    run = Run.ask(made, kind, by=hr, **options)
    with somebody_saving():
        measured(what, done.call, run.job_id)
    run.refresh_from_db()
    if run.problem:
        sys.exit(f"{what}: {run.problem}")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
    if not os.environ.get("DATABASE_URL"):  # beside the database of the other parts
        os.environ["LADDER_DATA"] = str(Path(os.environ["LADDER_DATA"]) / "imports")
    import django

    django.setup()
    here, hr = found()
    options = {"skip_refused": False, "confirmed": None}
    made = bring("all new", as_csv("Engineer"), "people.csv", here, hr)
    perform("all new: apply", made, "apply", hr, **options)
    bring("nothing new", as_xlsx("Engineer"), "people.xlsx", here, hr)
    made = bring("all changed", as_csv("Senior Engineer"), "people.csv", here, hr)
    perform("all changed: apply", made, "apply", hr, **options)
    perform("all changed: undo", made, "undo", hr)


if __name__ == "__main__":
    main()
