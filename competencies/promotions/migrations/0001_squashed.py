import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import competencies.core.clock
from competencies.core.migrating import complete


def found(apps, schema_editor):
    """Put the usual policy down, so that no page has to write it while it is read."""
    apps.get_model("promotions", "Policy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    replaces = [
        ("promotions", "0001_initial"),
        ("promotions", "0002_close"),
        ("promotions", "0003_writing_together"),
        ("promotions", "0004_close_endorsements"),
        ("promotions", "0005_policy"),
        ("promotions", "0010_hearings"),
        ("promotions", "0011_carry_decisions"),
        ("promotions", "0012_decisions_of_hearings"),
        ("promotions", "0013_close_hearings"),
        ("promotions", "0014_hidden_from_hr"),
        ("promotions", "0015_seats_of_frameworks"),
    ]

    initial = True

    dependencies = [
        ("evidence", "0001_squashed"),
        ("framework", "0002_squashed"),
        ("people", "0001_squashed"),
        ("reviews", "0001_squashed"),
    ]

    operations = [
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
            name="PromotionCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wanted_from", models.DateField(blank=True, null=True, verbose_name="wanted from")),
                ("opened_at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "cycle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviews.cycle",
                        verbose_name="target cycle",
                    ),
                ),
                (
                    "from_level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="framework.level"
                    ),
                ),
                (
                    "presenter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="presenter",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases_sponsored",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="framework.level"
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="framework.track"
                    ),
                ),
            ],
            options={
                "verbose_name": "promotion case",
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("subject", models.F("sponsor")), _negated=True),
                        name="promotions_nobody_sponsors_oneself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_level", models.F("to_level")), _negated=True),
                        name="promotions_to_another_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject", models.F("presenter")), _negated=True),
                            ("presenter", None),
                            _connector="OR",
                        ),
                        name="promotions_nobody_presents_oneself",
                    ),
                ],
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
                    "committee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hearings",
                        to="promotions.committee",
                        verbose_name="committee",
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
            ],
            options={
                "verbose_name": "hearing",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "stage"), name="promotions_one_hearing_per_stage"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quorum__gte", 2), ("committee", None), _connector="OR"),
                        name="promotions_a_quorum_is_two_or_more",
                    ),
                ],
            },
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
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="promotions.hearing",
                    ),
                ),
            ],
            options={
                "ordering": ["round", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hearing", "round", "person"), name="promotions_one_ballot_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("round__gte", 1), ("round__lte", 2)),
                        name="promotions_two_rounds_at_most",
                    ),
                ],
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
            name="EndorsementRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="email")),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("peer", "Peer"),
                            ("partner", "Partner in another team"),
                            ("report", "Somebody they lead"),
                            ("former-manager", "Former manager"),
                            ("other-manager", "Manager of another team"),
                            ("mentor", "Mentor"),
                            ("customer", "Customer"),
                        ],
                        max_length=20,
                        verbose_name="relation",
                    ),
                ),
                ("outside", models.BooleanField(verbose_name="outside the candidate’s team")),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="a word to them")),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="open until")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endorsement_requests",
                        to="promotions.promotioncase",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for an endorsement",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="EndorsementRefusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=1000, verbose_name="reason")),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refusal",
                        to="promotions.endorsementrequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EndorsementRecall",
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
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall",
                        to="promotions.endorsementrequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EndorsementLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                ("key_digest", models.CharField(max_length=64, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="promotions.endorsementrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("promote", "Promote"), ("not-yet", "Not yet"), ("decline", "Decline")],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("rationale", models.TextField(max_length=20000, verbose_name="reasons")),
                ("per_competency", models.TextField(default="{}", verbose_name="reasons per competency")),
                (
                    "conditions",
                    models.TextField(
                        blank=True, max_length=20000, verbose_name="what is missing, or conditions"
                    ),
                ),
                (
                    "feedback",
                    models.TextField(blank=True, max_length=20000, verbose_name="feedback to the candidate"),
                ),
                ("look_again_on", models.DateField(blank=True, null=True, verbose_name="look again on")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="holds from")),
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="promotions.hearing",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rationale", ""), _negated=True),
                        name="promotions_decision_has_reasons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "not-yet"), _negated=True),
                            ("look_again_on__isnull", False),
                            _connector="OR",
                        ),
                        name="promotions_not_yet_says_when",
                    ),
                ],
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hearing", "round"), name="promotions_each_round_opens_once"
                    )
                ],
            },
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hearing", "person"), name="promotions_called_once_per_hearing"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "together",
                    models.BooleanField(
                        default=True, verbose_name="manager and candidate may write together"
                    ),
                ),
                ("seats", models.TextField(blank=True, verbose_name="levels that need a seat")),
                (
                    "endorsements_needed",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MaxValueValidator(5)],
                        verbose_name="endorsements from outside the team",
                    ),
                ),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(15),
                        ],
                        verbose_name="quorum",
                    ),
                ),
                (
                    "second_ballot",
                    models.CharField(
                        choices=[
                            ("never", "Never"),
                            ("if-split", "When the first was split"),
                            ("always", "Always"),
                        ],
                        default="if-split",
                        max_length=20,
                        verbose_name="second ballot",
                    ),
                ),
                (
                    "appeal_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[django.core.validators.MaxValueValidator(90)],
                        verbose_name="days to appeal",
                    ),
                ),
                ("masked", models.BooleanField(default=False, verbose_name="masked")),
            ],
            options={
                "verbose_name": "policy of promotions",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="promotions_one_policy"),
                    models.CheckConstraint(
                        condition=models.Q(("quorum__gte", 2)), name="promotions_quorum_of_two_or_more"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exhibit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.evidence"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exhibits",
                        to="promotions.promotioncase",
                    ),
                ),
            ],
            options={
                "ordering": ["evidence__happened_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "evidence"), name="promotions_one_exhibit_per_pair"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                ("written_at", models.DateTimeField(editable=False, null=True)),
                ("text", models.TextField(max_length=600, verbose_name="claim")),
                ("result", models.TextField(max_length=600, verbose_name="result")),
                (
                    "competency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="framework.competency",
                        verbose_name="competency",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="promotions.promotioncase",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
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
        migrations.CreateModel(
            name="Proposal",
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
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="promotions.promotioncase",
                    ),
                ),
            ],
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
                            ("hr", "is of HR, which reads every case by name"),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hearing", "person"), name="promotions_recused_once_per_hearing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ground__in",
                                ("self", "chain", "sponsor", "presenter", "endorser", "sat-before"),
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="promotions_recusal_says_why",
                    ),
                ],
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="promotions_remark_says_something",
                    )
                ],
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("committee", "person"),
                        name="promotions_one_seat_per_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("chair", True), ("ended_at", None)),
                        fields=("committee",),
                        name="promotions_one_chair_per_committee",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sharing",
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
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharing",
                        to="promotions.promotioncase",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                ("written_at", models.DateTimeField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ask", "What is asked for"),
                            ("scope", "Scope and influence"),
                            ("gaps", "Gaps and risks"),
                            ("need", "Business need"),
                            ("manager", "Manager's statement"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=20000, verbose_name="text")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statements",
                        to="promotions.promotioncase",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "kind"), name="promotions_one_statement_per_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="Story",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                ("written_at", models.DateTimeField(editable=False, null=True)),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("context", models.TextField(blank=True, max_length=20000, verbose_name="context")),
                ("problem", models.TextField(blank=True, max_length=20000, verbose_name="problem")),
                ("scope", models.TextField(blank=True, max_length=20000, verbose_name="scope")),
                ("own_role", models.TextField(blank=True, max_length=20000, verbose_name="own role")),
                ("decisions", models.TextField(blank=True, max_length=20000, verbose_name="decisions")),
                ("result", models.TextField(blank=True, max_length=20000, verbose_name="result")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stories",
                        to="promotions.promotioncase",
                    ),
                ),
                (
                    "competencies",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="framework.competency", verbose_name="competencies"
                    ),
                ),
                (
                    "evidence",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="evidence.evidence", verbose_name="evidence"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "impact story",
                "verbose_name_plural": "impact stories",
                "ordering": ["position", "pk"],
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
                "constraints": [
                    models.UniqueConstraint(fields=("hearing", "person"), name="promotions_unmasked_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="promotions_unmasking_says_why",
                    ),
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
                ("reason", models.TextField(blank=True, verbose_name="reason")),
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
                        related_name="withdrawal",
                        to="promotions.promotioncase",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Endorsement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=8000, verbose_name="what you saw")),
                (
                    "asked_relation",
                    models.CharField(
                        choices=[
                            ("peer", "Peer"),
                            ("partner", "Partner in another team"),
                            ("report", "Somebody they lead"),
                            ("former-manager", "Former manager"),
                            ("other-manager", "Manager of another team"),
                            ("mentor", "Mentor"),
                            ("customer", "Customer"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("asked_outside", models.BooleanField(editable=False)),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endorsement",
                        to="promotions.endorsementrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "endorsement",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="promotions_endorsement_has_words",
                    )
                ],
            },
        ),
        migrations.RunPython(found, migrations.RunPython.noop),
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
