from django.db import migrations

from competencies.trail.closing import Close


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]
    operations = [Close("entry", reason="A trail entry never changes.")]
