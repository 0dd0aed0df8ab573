from django.db import migrations


def found(apps, schema_editor):
    """The one row, so that no page has to make it while it is read."""
    apps.get_model("people", "Organisation").objects.get_or_create(pk=1, defaults={"name": "Ladder"})


class Migration(migrations.Migration):
    dependencies = [("people", "0002_token")]
    operations = [migrations.RunPython(found, migrations.RunPython.noop)]
