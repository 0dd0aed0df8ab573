from django.db import migrations


def rename(before, after):
    """Return what has the content type of a model follow its name, and with it whatever points at it."""

    def renamed(apps, schema_editor):
        kinds = apps.get_model("contenttypes", "ContentType").objects.using(schema_editor.connection.alias)
        if not kinds.filter(app_label="packets", model=after).exists():
            kinds.filter(app_label="packets", model=before).update(model=after)

    return renamed


class Migration(migrations.Migration):
    """What was made of a packet is called its document in the code; its table keeps the name that it has."""

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("packets", "0004_packets_are_jobs"),
    ]
    operations = [
        migrations.RunPython(rename("typesetting", "document"), rename("document", "typesetting")),
    ]
