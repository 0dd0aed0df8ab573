from django.db import migrations

from competencies.trail.closing import Close


class Migration(migrations.Migration):
    dependencies = [("packets", "0001_initial")]
    operations = [
        Close("packet", reason="A frozen packet never changes."),
        Close("typesetting", reason="The document of a packet never changes."),
    ]
