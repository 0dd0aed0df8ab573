from django.db import migrations


def carry(apps, schema_editor):
    """Give each decision from before there were committees a hearing without one, released as it was made."""
    models = {name: apps.get_model("promotions", name) for name in ("Decision", "Hearing", "Release")}
    for decision in models["Decision"].objects.select_related("case"):
        hearing = models["Hearing"].objects.create(
            case=decision.case,
            stage="first",
            committee=None,
            quorum=0,
            second_ballot="never",
            appeal_days=0,
            masked=False,
            by=decision.by,
            at=decision.at,
        )
        models["Decision"].objects.filter(pk=decision.pk).update(hearing=hearing)
        models["Release"].objects.create(
            decision=decision, by=decision.by, at=decision.at, appeal_until=decision.at
        )


class Migration(migrations.Migration):
    dependencies = [("promotions", "0010_hearings")]
    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
