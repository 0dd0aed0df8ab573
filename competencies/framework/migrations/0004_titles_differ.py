from collections import defaultdict

from django.db import migrations, models


def mark_namesakes(apps, schema_editor):
    """Mark the frameworks that share a title: they keep it, and are shown with their keys."""
    Framework = apps.get_model("framework", "Framework")
    titles = defaultdict(list)
    for framework in Framework.objects.using(schema_editor.connection.alias).all():
        titles[" ".join(framework.title.split()).casefold()].append(framework.pk)
    shared = [pk for pks in titles.values() if len(pks) > 1 for pk in pks]
    Framework.objects.using(schema_editor.connection.alias).filter(pk__in=shared).update(namesake=True)


class Migration(migrations.Migration):
    dependencies = [("framework", "0003_close")]
    operations = [
        migrations.AlterModelOptions(
            name="framework", options={"ordering": ["title", "key"], "verbose_name": "framework"}
        ),
        migrations.AddField("framework", "namesake", models.BooleanField(default=False, editable=False)),
        migrations.RunPython(mark_namesakes, migrations.RunPython.noop),
        migrations.AddConstraint(
            "framework",
            models.UniqueConstraint(
                fields=["title"], condition=models.Q(namesake=False), name="framework_titles_differ"
            ),
        ),
    ]
