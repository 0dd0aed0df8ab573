from django.db import migrations

from competencies.people.gaps import retrace_everyone
from competencies.people.words import reindex_everyone


def write(apps, schema_editor):
    reindex_everyone()
    retrace_everyone(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("people", "0010_words_and_gaps")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
