import uuid

from django.db import migrations, models

FILL = {
    "sqlite": "UPDATE trail_entry SET public_id = lower(hex(randomblob(16)))",
    "postgresql": "UPDATE trail_entry SET public_id = gen_random_uuid()",
}


def give_identifiers(apps, schema_editor):
    schema_editor.execute(FILL[schema_editor.connection.vendor], params=None)


class Migration(migrations.Migration):
    dependencies = [("trail", "0003_search")]

    operations = [
        # Two indexes that others begin with: what they cost pays for that of the identifiers.
        migrations.AlterField(model_name="entry", name="at", field=models.DateTimeField(verbose_name="time")),
        migrations.AlterField(
            model_name="entry", name="action", field=models.CharField(max_length=64, verbose_name="action")
        ),
        migrations.AddField(
            model_name="entry",
            name="salt",
            field=models.CharField(blank=True, default="", editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="entry",
            name="public_id",
            field=models.UUIDField(editable=False, null=True, verbose_name="identifier"),
        ),
        migrations.RunPython(give_identifiers, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="entry",
            name="public_id",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="identifier"
            ),
        ),
    ]
