from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0001_squashed"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="aimed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="target level chosen"
            ),
        ),
    ]
