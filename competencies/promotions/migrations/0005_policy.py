from django.db import migrations


def found(apps, schema_editor):
    """Put the usual policy down, so that no page has to write it while it is read."""
    apps.get_model("promotions", "Policy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("promotions", "0004_close_endorsements")]
    operations = [migrations.RunPython(found, migrations.RunPython.noop)]
