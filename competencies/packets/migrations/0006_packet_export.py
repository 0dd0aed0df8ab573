import django.db.models.deletion
from django.db import migrations, models


def rename(before, after):
    """Return what has the content type of a model follow its name, and with it whatever points at it."""

    def renamed(apps, schema_editor):
        kinds = apps.get_model("contenttypes", "ContentType").objects.using(schema_editor.connection.alias)
        if not kinds.filter(app_label="packets", model=after).exists():
            kinds.filter(app_label="packets", model=before).update(model=after)

    return renamed


def to_export(kind, name):
    """Return the field that points at an export: its column keeps the name that it has."""
    return kind(
        db_column="job_id",
        on_delete=django.db.models.deletion.CASCADE,
        related_name=name,
        to="packets.packetexport",
    )


class Migration(migrations.Migration):
    """An export is called one, and no job, since its packets are the jobs; tables and columns keep their names."""

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("packets", "0005_document_kind"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelTable("ExportJob", "packets_exportjob"),
                migrations.RenameModel("ExportJob", "PacketExport"),
                migrations.RemoveConstraint("ExportPause", "packets_one_standing_pause_per_export"),
                migrations.RenameField("ExportPause", "job", "export"),
                migrations.AlterField("ExportPause", "export", to_export(models.ForeignKey, "pauses")),
                migrations.RenameField("ExportCancellation", "job", "export"),
                migrations.AlterField(
                    "ExportCancellation", "export", to_export(models.OneToOneField, "cancellation")
                ),
                migrations.AddConstraint(
                    "ExportPause",
                    models.UniqueConstraint(
                        condition=models.Q(ended_at=None),
                        fields=("export",),
                        name="packets_one_standing_pause_per_export",
                    ),
                ),
            ],
        ),
        migrations.RunPython(rename("exportjob", "packetexport"), rename("packetexport", "exportjob")),
    ]
