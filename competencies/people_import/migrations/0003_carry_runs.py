from datetime import timedelta

from django.db import migrations
from django.db.models import F

from competencies.jobs.carrying import make_jobs, unmake_jobs

KIND = "people_import"


def carry(apps, schema_editor):
    make_jobs(
        apps,
        schema_editor.connection,
        apps.get_model("people_import", "Run"),
        KIND,
        {
            "by_id": "r.by_id",
            "at": "r.at",
            "failure": "r.problem",
            "ended_at": "CASE WHEN r.problem <> '' THEN coalesce(r.ended_at, r.at) ELSE r.ended_at END",
        },
    )
    jobs = apps.get_model("jobs", "Job").objects.filter(kind=KIND)
    jobs.update(wanted_until=F("at") + timedelta(days=1))


def carry_back(apps, schema_editor):
    said = {"by_id": "j.by_id", "at": "j.at", "problem": "j.failure", "ended_at": "j.ended_at"}
    unmake_jobs(schema_editor.connection, apps.get_model("people_import", "Run"), KIND, said)


class Migration(migrations.Migration):
    dependencies = [("people_import", "0002_run_job")]
    operations = [migrations.RunPython(carry, carry_back)]
