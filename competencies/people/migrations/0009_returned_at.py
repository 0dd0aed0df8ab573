from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="returned_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="came back"),
        ),
    ]
