from django.db import migrations

from competencies.jobs.carrying import make_jobs, unmake_jobs

DOCUMENT, EXPORT = "packet_document", "packet_export"

# of an order: the first mishap that came after it, or else the document, or else a later order
MISHAP = (
    "FROM packets_mishap AS m WHERE m.packet_id = r.packet_id AND m.at >= r.at ORDER BY m.at, m.id LIMIT 1"
)
DOCUMENTED = "(SELECT t.at FROM packets_typesetting AS t WHERE t.packet_id = r.packet_id)"
ASKED_AGAIN = "(SELECT min(o.at) FROM packets_order AS o WHERE o.packet_id = r.packet_id AND o.id > r.id)"

EXPORTED = "(SELECT {} FROM packets_exportjob AS e WHERE e.id = r.export_id)"
CANCELLED = "(SELECT c.at FROM packets_exportcancellation AS c WHERE c.job_id = r.export_id)"


def carry(apps, schema_editor):
    connection = schema_editor.connection
    make_jobs(
        apps,
        connection,
        apps.get_model("packets", "Order"),
        DOCUMENT,
        {
            "by_id": "r.by_id",
            "at": "r.at",
            "failure": f"coalesce((SELECT coalesce(nullif(m.reason, ''), 'Erased') {MISHAP}), '')",
            "ended_at": f"coalesce((SELECT m.at {MISHAP}), {DOCUMENTED})",
            "wanted_until": ASKED_AGAIN,
        },
    )
    make_jobs(
        apps,
        connection,
        apps.get_model("packets", "ExportItem"),
        EXPORT,
        {
            "by_id": EXPORTED.format("e.by_id"),
            "at": EXPORTED.format("e.at"),
            "failure": "r.failure",
            "ended_at": "CASE WHEN r.failure <> '' THEN coalesce(r.claimed_at, "
            + EXPORTED.format("e.at")
            + ") ELSE r.done_at END",
            "wanted_until": f"coalesce({CANCELLED}, {EXPORTED.format('e.expires_at')})",
            "claim": "CASE WHEN r.failure <> '' OR r.done_at IS NOT NULL THEN '' ELSE r.claim END",
            "claimed_by": "r.claimed_by",
            "claimed_at": "r.claimed_at",
            "lease_until": "r.lease_until",
            "attempts": "r.attempts",
        },
    )


def carry_back(apps, schema_editor):
    connection = schema_editor.connection
    item = {name: f"j.{name}" for name in ("claim", "claimed_by", "claimed_at", "lease_until", "attempts")}
    item |= {"failure": "j.failure", "done_at": "CASE WHEN j.failure = '' THEN j.ended_at END"}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO packets_mishap (packet_id, at, reason)"
            " SELECT o.packet_id, j.ended_at, j.failure FROM packets_order AS o"
            " JOIN jobs_job AS j ON j.id = o.job_id WHERE j.failure <> '' AND j.ended_at >= o.at"
        )
        cursor.execute(
            "UPDATE packets_order SET by_id = (SELECT j.by_id FROM jobs_job AS j WHERE j.id = job_id)"
        )
        cursor.execute("UPDATE packets_order SET job_id = NULL")
        cursor.execute("DELETE FROM jobs_job WHERE kind = %s", [DOCUMENT])
    unmake_jobs(connection, apps.get_model("packets", "ExportItem"), EXPORT, item)


class Migration(migrations.Migration):
    dependencies = [("packets", "0002_jobs")]
    operations = [migrations.RunPython(carry, carry_back)]
