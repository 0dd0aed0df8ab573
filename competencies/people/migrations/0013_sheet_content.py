from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0012_former_names")]

    operations = [
        migrations.AddField("sheet", "content", models.BinaryField(null=True)),
        migrations.AddField("sheet", "about", models.JSONField(default=dict)),
        migrations.AddField("finding", "is_unread", models.BooleanField(default=False)),
    ]
