import django.db.models.deletion
from django.db import migrations, models

from competencies.core.migrating import complete


class Migration(migrations.Migration):
    replaces = [
        ("sources", "0001_initial"),
        ("sources", "0002_close"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, verbose_name="key")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("role", models.CharField(blank=True, max_length=200, verbose_name="role family")),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "source",
                "ordering": ["key", "revision"],
                "constraints": [
                    models.UniqueConstraint(fields=("key", "revision"), name="sources_one_row_per_revision")
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="sentence")),
                ("gist", models.TextField(verbose_name="gist")),
                ("terms", models.JSONField(blank=True, default=list, verbose_name="key terms")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage",
                "ordering": ["source", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "number"), name="sources_one_passage_per_number"
                    )
                ],
            },
        ),
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
