import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import competencies.core.clock
from competencies.core.migrating import complete


class Migration(migrations.Migration):
    replaces = [
        ("notices", "0001_letters"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invitation", "Invitation"),
                            ("reset", "New password"),
                            ("account", "Change of an account"),
                            ("new-email", "Change of the email"),
                            ("second-factor", "Reset of a second factor"),
                            ("endorsement", "Request for an endorsement"),
                            ("endorsed", "Answer to a request for an endorsement"),
                            ("call", "Call to a hearing"),
                            ("trail-head", "Where the trail stands"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("row", models.PositiveBigIntegerField(null=True)),
                ("what", models.CharField(blank=True, max_length=40)),
                ("address", models.EmailField(blank=True, max_length=254, verbose_name="address")),
                ("site", models.CharField(blank=True, max_length=300)),
                (
                    "at",
                    models.DateTimeField(
                        default=competencies.core.clock.now, editable=False, verbose_name="ordered"
                    ),
                ),
                ("due_at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                ("tries", models.PositiveIntegerField(default=0, verbose_name="tries")),
                ("tried_at", models.DateTimeField(null=True, verbose_name="tried")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refused", "The address was refused."),
                            ("given-up", "No mail server took it for a day."),
                            ("needless", "There was nothing to say any more."),
                        ],
                        max_length=20,
                        verbose_name="failure",
                    ),
                ),
                ("status", models.PositiveIntegerField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ordered by",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("failed_at", None), ("sent_at", None)),
                        fields=["due_at"],
                        name="notices_letter_waiting",
                    ),
                    models.Index(fields=["kind", "row"], name="notices_letter_about"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("failed_at", None), _connector="OR"),
                        name="notices_letter_sent_or_failed",
                    )
                ],
            },
        ),
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
