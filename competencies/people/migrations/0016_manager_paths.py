from django.db import migrations


class Migration(migrations.Migration):
    """`Chain` and `Gap` have plainer names; their tables keep the ones that they have."""

    dependencies = [("people", "0015_imports_move")]

    operations = [
        migrations.AlterModelTable("chain", "people_chain"),
        migrations.RenameModel("Chain", "ManagerPath"),
        migrations.AlterModelTable("gap", "people_gap"),
        migrations.RenameModel("Gap", "MissingAssignment"),
    ]
