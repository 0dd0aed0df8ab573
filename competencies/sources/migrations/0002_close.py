from django.db import migrations

from competencies.trail.closing import Close

REASON = "A revision of a source never changes; a changed document is a new revision."


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]
    operations = [Close("source", reason=REASON), Close("passage", reason=REASON)]
