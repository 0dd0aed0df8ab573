from django.db import migrations

from competencies.people.models.missing_assignments import retrace_everyone
from competencies.people.models.search_index import reindex_everyone


def write(apps, schema_editor):
    reindex_everyone()
    retrace_everyone(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("people", "0010_words_and_gaps")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
