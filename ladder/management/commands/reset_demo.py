import contextlib
import shutil
import sqlite3

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from competencies.people.models import Organisation, Person
from ladder.ops.maintenance import alone


class Command(BaseCommand):
    help = "Delete the demo company with everything done in it, and create it again."

    def add_arguments(self, parser):
        parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")

    def handle(self, *, yes, **options):
        if settings.PRODUCTION:
            raise CommandError("A production installation has no demo. Nothing was deleted.")
        where = connection.settings_dict["NAME"]
        with alone():
            if is_of_somebody_else():
                raise CommandError(f"The company in {where} is not the demo's. Nothing was deleted.")
        if not yes and input(f"Delete everything in {where} and create the demo again? [yes/no] ") != "yes":
            raise CommandError("Nothing was deleted.")
        with alone():
            if is_of_somebody_else():  # while the question stood
                raise CommandError(f"The company in {where} is not the demo's. Nothing was deleted.")
            empty()
        for folder in (settings.PACKET_DIR, settings.EXPORT_DIR, settings.DATA_DIR / "mail"):
            shutil.rmtree(folder, ignore_errors=True)
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        call_command("load_company")


def is_of_somebody_else() -> bool:
    """Return True if there are people in the database and they are not those of the demo."""
    if Person._meta.db_table not in connection.introspection.table_names():
        return bool(connection.introspection.table_names())
    return Person.objects.exists() and not Organisation.objects.filter(demo=True).exists()


def empty() -> None:
    """Take every table away, closed ones too."""
    if connection.vendor == "sqlite":  # a server that runs keeps the file open, so it stays the same one
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(":memory:")) as nothing:
            nothing.backup(connection.connection)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
