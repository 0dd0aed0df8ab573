import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def count(apps, schema_editor):
    """Count what there is, once: from here on each step counts itself."""
    Tally = apps.get_model("reviews", "Tally")
    Submission, Signoff = apps.get_model("reviews", "Submission"), apps.get_model("reviews", "Signoff")
    for opening in apps.get_model("reviews", "Opening").objects.all():
        reviews = apps.get_model("reviews", "Review").objects.filter(cycle=opening.cycle_id)
        present = Submission.objects.filter(round=F("assessment__round"))
        selves, managers = (
            reviews.filter(pk__in=present.filter(assessment__kind=kind).values("assessment__review"))
            for kind in ("self", "manager")
        )
        signed = Signoff.objects.filter(review__in=reviews)
        by_subject = signed.filter(by=F("review__subject")).values("review")
        by_others = signed.exclude(by=F("review__subject")).values("review")
        Tally.objects.create(
            cycle_id=opening.cycle_id,
            reviews=reviews.count(),
            selves=selves.count(),
            managers=managers.count(),
            both=selves.filter(pk__in=managers.values("pk")).count(),
            revealed=reviews.filter(reveal__isnull=False).count(),
            discussed=reviews.filter(discussion__isnull=False).count(),
            signed=reviews.filter(pk__in=by_subject).filter(pk__in=by_others).count(),
        )


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_close")]
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reviews", models.PositiveIntegerField(default=0, verbose_name="reviews")),
                ("selves", models.PositiveIntegerField(default=0, verbose_name="self-assessments in")),
                ("managers", models.PositiveIntegerField(default=0, verbose_name="manager assessments in")),
                ("both", models.PositiveIntegerField(default=0, verbose_name="both sides in")),
                ("revealed", models.PositiveIntegerField(default=0, verbose_name="revealed")),
                ("discussed", models.PositiveIntegerField(default=0, verbose_name="discussed")),
                ("signed", models.PositiveIntegerField(default=0, verbose_name="signed by both")),
                (
                    "cycle",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tally", to="reviews.cycle"
                    ),
                ),
            ],
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
