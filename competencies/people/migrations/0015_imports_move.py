from django.db import migrations

MOVED = ("Finding", "Preview", "Sheet", "Run", "Withdrawal", "Undoing", "Memory", "Application", "Import")


class Migration(migrations.Migration):
    """Imports are an app of their own from here on: `people_import` goes on with their tables as they are."""

    dependencies = [("people", "0014_idempotency")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name) for name in MOVED])
    ]
