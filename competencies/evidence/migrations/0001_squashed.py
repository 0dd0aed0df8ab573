import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import competencies.core.clock
import competencies.evidence.links
from competencies.core.migrating import complete


class Migration(migrations.Migration):
    replaces = [
        ("evidence", "0001_initial"),
        ("evidence", "0002_people"),
        ("evidence", "0003_withdrawal"),
        ("evidence", "0004_links_of_2000_characters"),
    ]

    initial = True

    dependencies = [
        ("framework", "0001_squashed"),
        ("people", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                ("happened_on", models.DateField(verbose_name="date")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivery", "Delivery"),
                            ("design", "Design"),
                            ("review", "Review"),
                            ("incident", "Incident"),
                            ("mentoring", "Mentoring"),
                            ("writing", "Writing"),
                            ("feedback", "Feedback"),
                        ],
                        default="delivery",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("text", models.TextField(blank=True, max_length=20000, verbose_name="what happened")),
                (
                    "link",
                    models.CharField(
                        blank=True,
                        max_length=2000,
                        validators=[competencies.evidence.links.check_link],
                        verbose_name="link",
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["-happened_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "competency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tags",
                        to="framework.competency",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tags",
                        to="evidence.evidence",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evidence", "competency"), name="evidence_one_tag_per_pair"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="withdrawal",
                        to="evidence.evidence",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="evidence",
            name="competencies",
            field=models.ManyToManyField(
                related_name="evidence_rows", through="evidence.Tag", to="framework.competency"
            ),
        ),
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
