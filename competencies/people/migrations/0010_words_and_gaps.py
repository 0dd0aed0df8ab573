import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import competencies.people.models.search_index


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_returned_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person", "text", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text", competencies.people.models.search_index.ByteOrdered(max_length=40)),
            ],
            options={"indexes": [models.Index(fields=["text", "person"], name="people_word_by_text")]},
        ),
        migrations.CreateModel(
            name="Gap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="gaps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("manager", "Without a manager"),
                            ("level", "Without a level"),
                            ("manager-gone", "Manager gone"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("until", models.DateField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "until", "starts_on", "person"], name="people_gap_by_kind")
                ]
            },
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("leaves_on__isnull", False)),
                fields=["leaves_on"],
                name="people_by_leaving",
            ),
        ),
    ]
