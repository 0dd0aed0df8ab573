from django.db import migrations
from django.utils import timezone

from competencies.people.models.reporting_closure import relink_everyone


def carry(apps, schema_editor):
    """Whoever was switched off has left by today; the chains are read off the lines."""
    apps.get_model("people", "Person").objects.filter(is_active=False).update(leaves_on=timezone.localdate())
    relink_everyone(schema_editor.connection)


def carry_back(apps, schema_editor):
    gone = apps.get_model("people", "Person").objects.filter(leaves_on__lte=timezone.localdate())
    gone.update(is_active=False)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_standing")]
    operations = [migrations.RunPython(carry, carry_back)]
