import django.db.models.deletion
from django.db import migrations, models


def carry_editions(apps, schema_editor):
    """Let each cycle span the framework of the edition that it was of."""
    alias = schema_editor.connection.alias
    Spanning = apps.get_model("reviews", "Spanning")
    cycles = apps.get_model("reviews", "Cycle").objects.using(alias)
    rows = cycles.values_list("pk", "edition", "edition__framework")
    Spanning.objects.using(alias).bulk_create(
        Spanning(cycle_id=cycle, edition_id=edition, framework_id=framework)
        for cycle, edition, framework in rows
    )


def carry_back(apps, schema_editor):
    """Give each cycle the first of its editions: before, it could be of no more than one."""
    alias = schema_editor.connection.alias
    cycles = apps.get_model("reviews", "Cycle").objects.using(alias)
    for spanning in apps.get_model("reviews", "Spanning").objects.using(alias).order_by("-pk"):
        cycles.filter(pk=spanning.cycle_id).update(edition=spanning.edition_id)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # what is pending would keep the table from changing


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_tally"), ("framework", "0004_titles_differ")]
    operations = [
        migrations.CreateModel(
            name="Spanning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spannings",
                        to="reviews.cycle",
                    ),
                ),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="framework.framework",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spannings",
                        to="framework.edition",
                    ),
                ),
            ],
            options={"ordering": ["framework__title", "framework"]},
        ),
        migrations.AddConstraint(
            "spanning",
            models.UniqueConstraint(
                fields=["cycle", "framework"], name="reviews_one_edition_per_framework_of_a_cycle"
            ),
        ),
        migrations.AlterField(
            "cycle",
            "edition",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="framework.edition",
            ),
        ),
        migrations.RunPython(carry_editions, carry_back),
    ]
