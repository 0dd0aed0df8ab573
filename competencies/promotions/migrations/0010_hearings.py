import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import competencies.core.clock
from competencies.trail.closing import Reopen


class Migration(migrations.Migration):
    dependencies = [
        ("promotions", "0005_policy"),
        ("records", "0002_close"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Reopen("decision", reason="A decision stays as it was made."),
        migrations.AddField(
            model_name="decision",
            name="conditions",
            field=models.TextField(
                blank=True, max_length=20000, verbose_name="what is missing, or conditions"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="effective_on",
            field=models.DateField(blank=True, null=True, verbose_name="holds from"),
        ),
        migrations.AddField(
            model_name="decision",
            name="per_competency",
            field=models.TextField(default="{}", verbose_name="reasons per competency"),
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                (
                    "vote",
                    models.CharField(
                        blank=True,
                        choices=[("promote", "Promote"), ("not-yet", "Not yet"), ("decline", "Decline")],
                        max_length=10,
                        verbose_name="vote",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=20000, verbose_name="reason")),
                ("per_competency", models.TextField(default="{}", verbose_name="reasons per competency")),
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
                "ordering": ["round", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Casting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "ballot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="casting",
                        to="promotions.ballot",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Committee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
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
                "verbose_name": "committee",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Hearing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("first", "First hearing"), ("appeal", "Hearing of the appeal")],
                        default="first",
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("quorum", models.PositiveSmallIntegerField(verbose_name="quorum")),
                (
                    "second_ballot",
                    models.CharField(
                        choices=[
                            ("never", "Never"),
                            ("if-split", "When the first was split"),
                            ("always", "Always"),
                        ],
                        max_length=10,
                        verbose_name="second ballot",
                    ),
                ),
                ("appeal_days", models.PositiveSmallIntegerField(verbose_name="days to appeal")),
                ("masked", models.BooleanField(default=False, verbose_name="masked")),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hearings",
                        to="promotions.promotioncase",
                    ),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hearings",
                        to="promotions.committee",
                        verbose_name="committee",
                    ),
                ),
            ],
            options={
                "verbose_name": "hearing",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Count",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counts",
                        to="promotions.hearing",
                    ),
                ),
            ],
            options={
                "ordering": ["round"],
            },
        ),
        migrations.AddField(
            model_name="ballot",
            name="hearing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="promotions.hearing"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="hearing",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decision",
                to="promotions.hearing",
            ),
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chair", models.BooleanField(default=False, verbose_name="chair")),
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
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="promotions.hearing",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("self", "the candidate"),
                            ("chain", "in the candidate's reporting line"),
                            ("sponsor", "sponsor of the case"),
                            ("presenter", "presents the case"),
                            ("endorser", "was asked to endorse the candidate"),
                            ("sat-before", "sat in the first hearing"),
                            ("declared", "declared a conflict"),
                            ("absent", "could not take part"),
                        ],
                        max_length=12,
                        verbose_name="ground",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=20000, verbose_name="reason")),
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
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recusals",
                        to="promotions.hearing",
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
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "appeal_until",
                    models.DateTimeField(editable=False, null=True, verbose_name="appeal until"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release",
                        to="promotions.decision",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                ("text", models.TextField(max_length=20000, verbose_name="note")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="promotions.hearing",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chair", models.BooleanField(default=False, verbose_name="chair")),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="promotions.committee",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Unmasking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(max_length=20000, verbose_name="reason")),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unmaskings",
                        to="promotions.hearing",
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
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                ("grounds", models.TextField(max_length=20000, verbose_name="grounds")),
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="promotions.promotioncase",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("grounds", ""), _negated=True),
                        name="promotions_appeal_has_grounds",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="hearing",
            constraint=models.UniqueConstraint(
                fields=("case", "stage"), name="promotions_one_hearing_per_stage"
            ),
        ),
        migrations.AddConstraint(
            model_name="hearing",
            constraint=models.CheckConstraint(
                condition=models.Q(("quorum__gte", 2), ("committee", None), _connector="OR"),
                name="promotions_a_quorum_is_two_or_more",
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.UniqueConstraint(
                fields=("hearing", "round"), name="promotions_each_round_opens_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.UniqueConstraint(
                fields=("hearing", "round", "person"), name="promotions_one_ballot_a_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("round__gte", 1), ("round__lte", 2)), name="promotions_two_rounds_at_most"
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                fields=("hearing", "person"), name="promotions_called_once_per_hearing"
            ),
        ),
        migrations.AddConstraint(
            model_name="recusal",
            constraint=models.UniqueConstraint(
                fields=("hearing", "person"), name="promotions_recused_once_per_hearing"
            ),
        ),
        migrations.AddConstraint(
            model_name="recusal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ground__in", ("self", "chain", "sponsor", "presenter", "endorser", "sat-before")),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="promotions_recusal_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="promotions_remark_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("committee", "person"),
                name="promotions_one_seat_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("chair", True), ("ended_at", None)),
                fields=("committee",),
                name="promotions_one_chair_per_committee",
            ),
        ),
        migrations.AddConstraint(
            model_name="unmasking",
            constraint=models.UniqueConstraint(fields=("hearing", "person"), name="promotions_unmasked_once"),
        ),
        migrations.AddConstraint(
            model_name="unmasking",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="promotions_unmasking_says_why"
            ),
        ),
    ]
