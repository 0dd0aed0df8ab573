from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import pre_migrate

from competencies.trail.trigger_installation import drop, install
from ladder.ops.maintenance import alone, lacking_steps, newer, unfit
from ladder.ops.migration_states import drawn_when_needed


class Command(migrate.Command):
    help = f"{migrate.Command.help} Protected tables are open meanwhile, so nothing else can write."

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
                f"The database belongs to a newer version of Ladder, which applied {', '.join(names)}."
                " Nothing was changed."
            )
        if lacking_steps(using):
            raise CommandError(f"{unfit(using)} Nothing was changed.")
        pre_migrate.connect(self._open, dispatch_uid="triggers")
        try:
            with drawn_when_needed():
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
        self.stderr.write("Another process is using the database. Waiting until it is done ...")
