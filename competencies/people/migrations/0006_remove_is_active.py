from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0005_carry_standing")]
    operations = [migrations.RemoveField(model_name="person", name="is_active")]
