"""What was of one ladder before there were several is of the framework that it was of."""

import json
import os
import subprocess
import sys

SCRIPT = """
import json, django
django.setup()
from datetime import datetime, UTC
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [
    ("reviews", "0003_tally"), ("promotions", "0014_hidden_from_hr"), ("framework", "0003_close"),
    ("people", "0012_former_names"),
]
executor = MigrationExecutor(connection)
executor.migrate(BEFORE)
before = MigrationExecutor(connection).loader.project_state(BEFORE).apps
def make(label, **fields):
    return before.get_model(label).objects.create(**fields)

hana = make("people.Person", email="hana@x.example", name="Hana")
editions = []
for key, title in (("one", "Same"), ("two", "same "), ("three", "Other")):
    framework = make("framework.Framework", key=key, title=title)
    edition = make("framework.Edition", framework=framework, number=1, digest="d")
    for position, level in enumerate(("staff", key)):
        make("framework.Level", edition=edition, key=level, title=level, rung=1, position=position)
    if key != "three":
        make("framework.Publication", edition=edition, by=hana)
    editions.append(edition)
day = datetime(2026, 1, 1, tzinfo=UTC)
cycle = make(
    "reviews.Cycle", name="Spring", edition=editions[1], self_due_at=day, manager_due_at=day, created_by=hana
)
make("reviews.Opening", cycle=cycle, by=hana)
before.get_model("promotions", "Policy").objects.update(seats="staff,two")

call_command("migrate", verbosity=0)
from competencies.framework.models import Framework
from competencies.promotions.models import Policy
from competencies.reviews.models import Cycle
told = {
    "editions": [edition.framework.key for edition in Cycle.objects.get().editions.all()],
    "frameworks": [row.framework.key for row in Cycle.objects.get().spannings.all()],
    "seats": Policy.here().levels_with_seat,
    "titles": sorted(map(str, Framework.objects.all())),
}
executor = MigrationExecutor(connection)
back = [("reviews", "0003_tally"), ("promotions", "0014_hidden_from_hr")]
executor.migrate(back)
again = MigrationExecutor(connection).loader.project_state(back).apps
told["back"] = again.get_model("reviews", "Cycle").objects.get().edition_id == editions[1].pk
told["seats back"] = again.get_model("promotions", "Policy").objects.get().seats
print(json.dumps(told))
"""


def test_cycles_seats_and_titles_are_carried_over_and_back(tmp_path):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/before.sqlite3",
        "LADDER_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "ladder.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == {
        "editions": ["two"],
        "frameworks": ["two"],
        "seats": ["one/staff", "two/staff", "two/two"],
        "titles": ["Other", "Same (one)", "same  (two)"],
        "back": True,
        "seats back": "staff,two",
    }
