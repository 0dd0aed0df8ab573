import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import competencies.core.clock
from competencies.core.migrating import complete


class Migration(migrations.Migration):
    replaces = [
        ("packets", "0001_initial"),
        ("packets", "0002_close"),
        ("packets", "0003_orders"),
        ("packets", "0004_codes_and_variants"),
        ("packets", "0010_exports"),
        ("packets", "0020_hearing"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_squashed"),
        ("promotions", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "variant",
                    models.CharField(
                        choices=[
                            ("committee", "Committee copy"),
                            ("candidate", "Candidate copy"),
                            ("masked", "Masked copy"),
                            ("archive", "Archive copy"),
                        ],
                        max_length=20,
                        verbose_name="variant",
                    ),
                ),
                ("chosen", models.JSONField(default=dict)),
                ("left_out", models.PositiveIntegerField(default=0)),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "export of packets",
                "verbose_name_plural": "exports of packets",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ExportCancellation",
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
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cancellation",
                        to="packets.exportjob",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Packet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                (
                    "variant",
                    models.CharField(
                        choices=[
                            ("committee", "Committee copy"),
                            ("candidate", "Candidate copy"),
                            ("masked", "Masked copy"),
                            ("archive", "Archive copy"),
                        ],
                        max_length=20,
                        verbose_name="variant",
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                ("snapshot", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("code", models.CharField(editable=False, max_length=16, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packets",
                        to="promotions.promotioncase",
                    ),
                ),
                (
                    "hearing",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packets",
                        to="promotions.hearing",
                        verbose_name="hearing",
                    ),
                ),
            ],
            options={
                "verbose_name": "packet",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("code__isnull", False)),
                        fields=("code",),
                        name="packets_one_packet_per_code",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
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
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="packets.packet",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Mishap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mishaps",
                        to="packets.packet",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ExportItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("claimed_by", models.CharField(blank=True, max_length=64)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("failure", models.TextField(blank=True, verbose_name="what went wrong")),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="promotions.promotioncase",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="packets.exportjob",
                    ),
                ),
                (
                    "packet",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="export_items",
                        to="packets.packet",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("job", "case"), name="packets_one_item_per_case_of_an_export"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None),
                            models.Q(("claim", ""), ("failure", ""), ("packet__isnull", False)),
                            _connector="OR",
                        ),
                        name="packets_a_done_item_has_its_packet",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PacketLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="packets.exportitem",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "link to a packet",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("pages", models.PositiveIntegerField(verbose_name="pages")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "packet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document",
                        to="packets.packet",
                    ),
                ),
            ],
            options={
                "db_table": "packets_typesetting",
            },
        ),
        migrations.CreateModel(
            name="ExportPause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pauses",
                        to="packets.exportjob",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("job",),
                        name="packets_one_standing_pause_per_export",
                    )
                ],
            },
        ),
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
