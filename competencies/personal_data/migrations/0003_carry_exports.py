from datetime import timedelta

from django.db import migrations
from django.db.models import F

from competencies.jobs.carrying import make_jobs, unmake_jobs

KIND = "record_copy"


def carry(apps, schema_editor):
    make_jobs(
        apps,
        schema_editor.connection,
        apps.get_model("records", "Export"),
        KIND,
        {
            "by_id": "r.by_id",
            "at": "r.at",
            "failure": "r.mishap",
            "ended_at": "CASE WHEN r.mishap <> '' THEN r.at ELSE r.ready_at END",
        },
    )
    jobs = apps.get_model("jobs", "Job").objects.filter(kind=KIND)
    jobs.update(wanted_until=F("at") + timedelta(days=1))


def carry_back(apps, schema_editor):
    ready = "CASE WHEN j.failure = '' THEN j.ended_at END"
    said = {"by_id": "j.by_id", "at": "j.at", "mishap": "j.failure", "ready_at": ready}
    unmake_jobs(schema_editor.connection, apps.get_model("records", "Export"), KIND, said)


class Migration(migrations.Migration):
    dependencies = [("records", "0002_export_job")]
    operations = [migrations.RunPython(carry, carry_back)]
