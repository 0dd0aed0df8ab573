"""Widen one text column of every table of the domain, or make the table anew where it has none.

WIDENING_STOP names what happens when half of it is done: `fail`, or a file to make before waiting to be killed.
"""

import os
import time
from pathlib import Path

from django.apps import apps
from django.db import migrations, models
from django.db.migrations.operations.base import Operation


def tables():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("competencies.")
    ]


class WidenEveryTable(Operation):
    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        models_here = tables()
        for number, model in enumerate(models_here):
            if number == len(models_here) // 2:
                stop(os.environ.get("WIDENING_STOP", ""))
            widen(model, schema_editor)


def widen(model, schema_editor):
    column = next((f for f in model._meta.local_concrete_fields if isinstance(f, models.CharField)), None)
    if column is None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor._remake_table(model)
        return
    wider = column.clone()
    wider.max_length = column.max_length + 7
    wider.set_attributes_from_name(column.name)
    wider.model = model
    schema_editor.alter_field(model, column, wider)


def stop(told):
    if told == "fail":
        raise RuntimeError("half of it is done")
    if told:
        Path(told).touch()
        time.sleep(600)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_squashed")]
    operations = [WidenEveryTable()]
