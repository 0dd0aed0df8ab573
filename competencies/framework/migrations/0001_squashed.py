import django.db.models.deletion
from django.db import migrations, models

import competencies.core.clock
from competencies.core.migrating import complete


class Migration(migrations.Migration):
    replaces = [
        ("framework", "0001_initial"),
    ]

    initial = True

    dependencies = [
        ("sources", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Framework",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True, verbose_name="key")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("namesake", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "framework",
                "ordering": ["title", "key"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("namesake", False)),
                        fields=("title",),
                        name="framework_titles_differ",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="edition")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="framework.framework",
                    ),
                ),
            ],
            options={
                "verbose_name": "edition",
                "ordering": ["framework", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("framework", "number"), name="framework_one_edition_per_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, verbose_name="key")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
            ],
            options={
                "verbose_name": "area",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "key"), name="framework_one_area_per_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publication",
                        to="framework.edition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RatingScale",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scale",
                        to="framework.edition",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Competency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, verbose_name="key")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("summary", models.TextField(verbose_name="summary")),
                ("position", models.PositiveSmallIntegerField()),
                ("evidence", models.JSONField(blank=True, default=list, verbose_name="examples of evidence")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="competencies",
                        to="framework.area",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
            ],
            options={
                "verbose_name": "competency",
                "verbose_name_plural": "competencies",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "key"), name="framework_one_competency_per_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, verbose_name="key")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("group", models.CharField(blank=True, max_length=100, verbose_name="group")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "competency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skills",
                        to="framework.competency",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
            ],
            options={
                "verbose_name": "skill",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "key"), name="framework_one_skill_per_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Track",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, verbose_name="key")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("position", models.PositiveSmallIntegerField()),
                ("summary", models.TextField(verbose_name="summary")),
                ("suits", models.TextField(blank=True, verbose_name="suits")),
                ("hiring", models.TextField(blank=True, verbose_name="hiring guidance")),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
            ],
            options={
                "verbose_name": "track",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "key"), name="framework_one_track_per_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "strength",
                    models.CharField(
                        choices=[
                            ("required", "Required"),
                            ("standard", "Standard"),
                            ("valued", "Valued"),
                            ("any-of", "One of several"),
                        ],
                        max_length=20,
                        verbose_name="strength",
                    ),
                ),
                ("choice", models.CharField(blank=True, max_length=60, verbose_name="one of")),
                ("note", models.TextField(blank=True, verbose_name="qualifier")),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requirements",
                        to="framework.skill",
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requirements",
                        to="framework.track",
                    ),
                ),
            ],
            options={
                "verbose_name": "requirement",
                "ordering": ["skill__position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("skill", "track"), name="framework_one_requirement_per_track"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Retirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=competencies.core.clock.now, editable=False)),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retirement",
                        to="framework.edition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ScalePoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, verbose_name="key")),
                ("label", models.CharField(max_length=60, verbose_name="label")),
                ("anchor", models.TextField(verbose_name="anchor")),
                ("value", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="value")),
                ("bar", models.BooleanField(default=False, verbose_name="the bar")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
                (
                    "scale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="framework.ratingscale",
                    ),
                ),
            ],
            options={
                "verbose_name": "scale point",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("scale", "key"), name="framework_one_point_per_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Inclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Level",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, verbose_name="key")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("rung", models.PositiveSmallIntegerField(verbose_name="rung")),
                ("position", models.PositiveSmallIntegerField()),
                ("scope", models.TextField(verbose_name="scope")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                ("facets", models.JSONField(blank=True, default=dict)),
                ("inferred", models.CharField(blank=True, max_length=40)),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
                (
                    "includes",
                    models.ManyToManyField(
                        related_name="included_in", through="framework.Inclusion", to="framework.level"
                    ),
                ),
            ],
            options={
                "verbose_name": "level",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "key"), name="framework_one_level_per_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Expectation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("summary", models.TextField(verbose_name="summary")),
                ("pitfall", models.TextField(blank=True, verbose_name="pitfall")),
                (
                    "competency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="expectations",
                        to="framework.competency",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="expectations",
                        to="framework.level",
                    ),
                ),
            ],
            options={
                "verbose_name": "expectation",
                "ordering": ["competency__position", "level__position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("competency", "level"), name="framework_one_expectation_per_cell"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Behaviour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.TextField(verbose_name="behaviour")),
                ("inferred", models.CharField(blank=True, max_length=40, verbose_name="inferred")),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
                (
                    "expectation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="behaviours",
                        to="framework.expectation",
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="behaviours",
                        to="framework.track",
                    ),
                ),
            ],
            options={
                "verbose_name": "behaviour",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="sources.source",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverages",
                        to="framework.level",
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverages",
                        to="framework.track",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "track", "level"), name="framework_one_coverage_per_pair"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="framework.area",
                    ),
                ),
                (
                    "behaviour",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="framework.behaviour",
                    ),
                ),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="sources.passage",
                    ),
                ),
                (
                    "competency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="framework.competency",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="framework.edition"),
                ),
                (
                    "expectation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="framework.expectation",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="framework.level",
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="framework.requirement",
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="framework.track",
                    ),
                ),
            ],
            options={
                "verbose_name": "citation",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("area__isnull", True),
                                ("behaviour__isnull", False),
                                ("competency__isnull", True),
                                ("expectation__isnull", True),
                                ("level__isnull", True),
                                ("requirement__isnull", True),
                                ("track__isnull", True),
                            ),
                            models.Q(
                                ("area__isnull", True),
                                ("behaviour__isnull", True),
                                ("competency__isnull", True),
                                ("expectation__isnull", True),
                                ("level__isnull", True),
                                ("requirement__isnull", False),
                                ("track__isnull", True),
                            ),
                            models.Q(
                                ("area__isnull", True),
                                ("behaviour__isnull", True),
                                ("competency__isnull", True),
                                ("expectation__isnull", True),
                                ("level__isnull", True),
                                ("requirement__isnull", True),
                                ("track__isnull", False),
                            ),
                            models.Q(
                                ("area__isnull", True),
                                ("behaviour__isnull", True),
                                ("competency__isnull", True),
                                ("expectation__isnull", True),
                                ("level__isnull", False),
                                ("requirement__isnull", True),
                                ("track__isnull", True),
                            ),
                            models.Q(
                                ("area__isnull", True),
                                ("behaviour__isnull", True),
                                ("competency__isnull", False),
                                ("expectation__isnull", True),
                                ("level__isnull", True),
                                ("requirement__isnull", True),
                                ("track__isnull", True),
                            ),
                            models.Q(
                                ("area__isnull", True),
                                ("behaviour__isnull", True),
                                ("competency__isnull", True),
                                ("expectation__isnull", False),
                                ("level__isnull", True),
                                ("requirement__isnull", True),
                                ("track__isnull", True),
                            ),
                            models.Q(
                                ("area__isnull", False),
                                ("behaviour__isnull", True),
                                ("competency__isnull", True),
                                ("expectation__isnull", True),
                                ("level__isnull", True),
                                ("requirement__isnull", True),
                                ("track__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="framework_citation_of_one_thing",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="inclusion",
            name="included",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="framework.level"
            ),
        ),
        migrations.AddField(
            model_name="inclusion",
            name="level",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="inclusions", to="framework.level"
            ),
        ),
        migrations.AddConstraint(
            model_name="inclusion",
            constraint=models.UniqueConstraint(
                fields=("level", "included"), name="framework_one_inclusion_per_pair"
            ),
        ),
        migrations.AddConstraint(
            model_name="inclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(("level", models.F("included")), _negated=True),
                name="framework_level_not_in_itself",
            ),
        ),
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
