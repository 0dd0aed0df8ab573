import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from competencies.core.migrating import complete


class Migration(migrations.Migration):
    replaces = [
        ("trail", "0001_initial"),
        ("trail", "0002_close"),
        ("trail", "0003_search"),
        ("trail", "0004_salt_and_public_id"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveBigIntegerField(default=0)),
                (
                    "digest",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "sequence",
                    models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name="number"),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="identifier"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                ("action", models.CharField(max_length=64, verbose_name="action")),
                ("row_model", models.CharField(max_length=64, verbose_name="kind of record")),
                ("row_pk", models.CharField(max_length=40, verbose_name="record")),
                ("data", models.TextField(verbose_name="details")),
                ("salt", models.CharField(blank=True, default="", editable=False, max_length=32)),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="about",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "trail entry",
                "verbose_name_plural": "trail entries",
                "ordering": ["-sequence"],
                "indexes": [
                    models.Index(fields=["row_model", "row_pk"], name="trail_entry_row"),
                    models.Index(fields=["at", "sequence"], name="trail_entry_time"),
                    models.Index(fields=["actor", "at", "sequence"], name="trail_entry_actor"),
                    models.Index(fields=["about", "at", "sequence"], name="trail_entry_about"),
                    models.Index(fields=["action", "at", "sequence"], name="trail_entry_action"),
                ],
            },
        ),
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
