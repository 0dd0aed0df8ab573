from contextlib import contextmanager
from itertools import takewhile

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.migration import Migration
from django.db.migrations.operations import CreateModel
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import pre_migrate

from competencies.trail.trigger_installation import drop, install
from ladder.ops.maintenance import alone, lacking_steps, newer, unfit


class Command(migrate.Command):
    help = f"{migrate.Command.help} Closed tables are open meanwhile, so whatever else writes is kept out."

    def execute(self, *arguments, **options):
        """Wait before the checks, which write to a SQLite database to see what it can do."""
        if options["plan"] or options["check_unapplied"]:
            return super().execute(*arguments, **options)
        with alone(options["database"], waiting=self._say_that_it_waits):
            return super().execute(*arguments, **options)

    def handle(self, *arguments, **options):
        if options["plan"] or options["check_unapplied"]:
            return super().handle(*arguments, **options)
        using = options["database"]
        if names := newer(using):
            raise CommandError(
                f"The database belongs to a newer Ladder, which applied {', '.join(names)}."
                " Nothing was changed."
            )
        if lacking_steps(using):
            raise CommandError(f"{unfit(using)} Nothing was changed.")
        pre_migrate.connect(self._open, dispatch_uid="triggers")
        try:
            with tables_at_once():
                return super().handle(*arguments, **options)
        finally:
            pre_migrate.disconnect(dispatch_uid="triggers")
            MigrationRecorder(connections[using]).ensure_schema()  # also where no app has migrations
            install(using)

    def _open(self, *, using, plan, **kwargs):
        """Take the triggers away before anything is altered. The signal comes once for each app."""
        if plan:
            drop(using)

    def _say_that_it_waits(self):
        self.stderr.write("Another process uses the database; waiting until it is done ...")


@contextmanager
def tables_at_once():
    """Have each migration make the tables that it begins with from one state of the models.

    Django draws every related model anew for each table, which took four tenths of a first `migrate`.
    """
    apply = Migration.apply

    def applied(migration, state, editor, collect_sql=False):
        operations = migration.operations
        tables = list(takewhile(lambda operation: type(operation) is CreateModel, operations))
        if tables:
            before = state.clone()
            state.__dict__.pop("apps", None)  # drawn when it is asked for next
            for table in tables:
                table.state_forwards(migration.app_label, state)
            for table in tables:
                table.database_forwards(migration.app_label, editor, before, state)
        migration.operations = operations[len(tables) :]
        try:
            return apply(migration, state, editor, collect_sql)
        finally:
            migration.operations = operations

    Migration.apply = applied  # type: ignore[method-assign]
    try:
        yield
    finally:
        Migration.apply = apply  # type: ignore[method-assign]
