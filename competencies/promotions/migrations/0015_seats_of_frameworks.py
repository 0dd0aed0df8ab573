from django.db import migrations, models


def name_frameworks(apps, schema_editor):
    """Write each level as `framework/level`: it needed a seat in every framework that had one of its key."""
    alias = schema_editor.connection.alias
    Level = apps.get_model("framework", "Level")
    for policy in apps.get_model("promotions", "Policy").objects.using(alias).exclude(seats=""):
        rows = Level.objects.using(alias).filter(
            key__in=policy.seats.split(","), edition__publication__isnull=False
        )
        rows = rows.order_by("edition__framework__title", "edition__framework", "position", "pk")
        names = [
            f"{framework}/{level}" for framework, level in rows.values_list("edition__framework__key", "key")
        ]
        policy.seats = ",".join(dict.fromkeys(names))
        policy.save(update_fields=["seats"])


def forget_frameworks(apps, schema_editor):
    alias = schema_editor.connection.alias
    for policy in apps.get_model("promotions", "Policy").objects.using(alias).exclude(seats=""):
        keys = dict.fromkeys(name.rpartition("/")[2] for name in policy.seats.split(","))
        policy.seats = ",".join(keys)
        policy.save(update_fields=["seats"])


class Migration(migrations.Migration):
    dependencies = [("promotions", "0014_hidden_from_hr"), ("framework", "0004_titles_differ")]
    operations = [
        migrations.AlterField(
            "policy", "seats", models.TextField(blank=True, verbose_name="levels that need a seat")
        ),
        migrations.RunPython(name_frameworks, forget_frameworks),
    ]
