"""Ladder's commands, as `ladder …` where it is installed and as `python manage.py …` in a checkout."""

import gc
import os
import sys


def main():
    gc.set_threshold(50_000, 20, 50)  # what is loaded stays: looking through it for garbage costs a sixth
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError, OperationalError

    from ladder.ops.data_folder import keep_private

    keep_private()
    try:
        execute_from_command_line(sys.argv)
    except DatabaseError as error:  # these two say that the database is not there, or is no database
        if type(error) not in (DatabaseError, OperationalError) or "--traceback" in sys.argv:
            raise
        sys.exit(f"The database cannot be read: {str(error).strip()}")


if __name__ == "__main__":
    main()
