"""Decisions from before there were committees get a hearing without one, and stay as they were."""

import json
import os
import subprocess
import sys

SCRIPT = """
import json, django
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

def migrate(*targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets or executor.loader.graph.leaf_nodes())
    return MigrationExecutor(connection).loader.project_state(targets or None).apps

before = migrate(("promotions", "0005_policy"), ("records", "0002_close"))
def make(label, **fields):
    return before.get_model(label).objects.create(**fields)

people = [make("people.Person", email=f"{name}@x.example", name=name) for name in ("sam", "mara", "hana")]
framework = make("framework.Framework", key="k", title="K")
edition = make("framework.Edition", framework=framework, number=1, digest="d")
track = make("framework.Track", edition=edition, key="t", title="T", position=1)
levels = [
    make("framework.Level", edition=edition, key=key, title=key, rung=rung, position=rung)
    for rung, key in enumerate(("senior", "staff"))
]
for outcome, day in (("promote", None), ("not-yet", "2030-01-01")):
    case = make(
        "promotions.PromotionCase", subject=people[0], sponsor=people[1], track=track,
        from_level=levels[0], to_level=levels[1],
    )
    make("promotions.Proposal", case=case, by=people[1])
    make(
        "promotions.Decision", case=case, by=people[2], outcome=outcome, rationale="So.", feedback="",
        look_again_on=day,
    )

call_command("migrate", verbosity=0)
from competencies.promotions.models import Decision, PromotionCase
told = [
    {
        "state": case.state,
        "outcome": case.decision.outcome,
        "rationale": case.decision.rationale,
        "committee": case.decision.hearing.committee_id,
        "at": case.decision.release.at == case.decision.at == case.decision.hearing.at,
    }
    for case in PromotionCase.objects.with_state().order_by("pk")
]
try:
    with transaction.atomic():
        Decision.objects.update(rationale="Else.")
    closed = False
except Exception as problem:
    closed = "stays as it was made" in str(problem)
print(json.dumps({"cases": told, "closed": closed}))
"""


def test_earlier_decisions_are_carried_over(tmp_path):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/before.sqlite3",
        "LADDER_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "ladder.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])

    same = {"rationale": "So.", "committee": None, "at": True, "state": "closed"}
    assert told["cases"] == [same | {"outcome": "promote"}, same | {"outcome": "not-yet"}]
    assert told["closed"]
