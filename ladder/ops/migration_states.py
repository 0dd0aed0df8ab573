"""The models that `migrate` draws for each state of the tables: an adapter to Django's own migrations.

Django draws whatever is related to an altered model anew at each step, and every table of ours is related to
every other by the people in it. That took three quarters of a first `migrate`.
"""

from contextlib import contextmanager
from itertools import takewhile

from django.db.migrations.migration import Migration
from django.db.migrations.operations import CreateModel, RunPython
from django.db.migrations.state import ProjectState, StateApps
from django.db.migrations.utils import get_references
from django.utils.functional import SimpleLazyObject


@contextmanager
def drawn_when_needed():
    """Have the models of a state drawn when they are needed, for the length of a `with`."""
    _replace_by(OURS)
    try:
        yield
    finally:
        _replace_by(DJANGOS)


def _replace_by(methods):
    for (owner, name), method in methods.items():
        setattr(owner, name, method)


def apply(migration, state, editor, collect_sql=False):
    """Make the tables that a migration begins with at once, and leave the models before them as they are."""
    operations = migration.operations
    tables = list(takewhile(lambda operation: type(operation) is CreateModel, operations))
    before = state.clone()
    apps = state.__dict__.pop("apps", None)
    for table in tables:
        table.state_forwards(migration.app_label, state)
    if apps:
        apps.render_multiple([state.models[migration.app_label, table.name_lower] for table in tables])
        state.apps = apps
    for table in tables:
        table.database_forwards(migration.app_label, editor, before, state)
    migration.operations = operations[len(tables) :]
    try:
        return DJANGOS[Migration, "apply"](migration, state, editor, collect_sql)
    finally:
        migration.operations = operations


def reload_model(state, app_label, model_name, delay=False):
    """Draw a model anew alone where nothing depends on it now; Django draws what is related to it as well."""
    model = app_label, model_name
    if (not delay and any(get_references(state, model))) or _is_inherited(state, model):
        DJANGOS[ProjectState, "reload_model"](state, *model, delay)
    elif "apps" in state.__dict__:
        state.is_delayed = True  # the code of a step has all of them drawn anew
        state._reload({model})


def _is_inherited(state, model):
    return any(".".join(model) in other.bases for other in state.models.values())


def clear_delayed_apps_cache(state):
    """Have all models drawn for the code of a step when it first asks for one."""
    if state.is_delayed and "apps" in state.__dict__:
        state.__dict__["apps"] = SimpleLazyObject(lambda: StateApps(state.real_apps, state.models))


def database_backwards(step, app_label, editor, state, before):
    """Have them drawn for code that leads back as well, which Django leaves with what it has."""
    state.clear_delayed_apps_cache()
    DJANGOS[RunPython, "database_backwards"](step, app_label, editor, state, before)


OURS = {
    (Migration, "apply"): apply,
    (ProjectState, "reload_model"): reload_model,
    (ProjectState, "clear_delayed_apps_cache"): clear_delayed_apps_cache,
    (RunPython, "database_backwards"): database_backwards,
}
DJANGOS = {(owner, name): getattr(owner, name) for owner, name in OURS}
