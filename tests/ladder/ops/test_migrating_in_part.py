"""The triggers of a database that has had some of its migrations, or none: each time a new SQLite."""

import contextlib
import shutil
import sqlite3

import pytest

from .programs import Database

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def file(loaded):
    """Where the program has its database: nothing is there yet."""
    file = loaded.folder / "ladder.sqlite3"
    file.unlink(missing_ok=True)
    return file


def test_a_part_of_the_migrations_has_the_triggers_of_its_tables(loaded, file):
    code, said = loaded.migrate("reviews")

    assert code == 0, said
    part = names(file)
    assert [name for name in part if name.startswith("closed_reviews_submission_update_")]
    assert not [name for name in part if name.startswith("closed_promotions_")]


def test_with_the_tables_of_an_app_their_triggers_go_and_come(loaded, file, migrated):
    if migrated:
        shutil.copy(migrated, file)
    else:
        loaded.migrate()
    whole = names(file)

    code, said = loaded.migrate("packets", "zero")
    assert code == 0, said
    left = names(file)
    assert [name for name in left if name.startswith("closed_promotions_decision_update_")]
    assert not [name for name in left if name.startswith("closed_packets_")]

    code, said = loaded.migrate()
    assert code == 0, said
    assert loaded.look()["missing"] == 0
    assert names(file) == whole


def test_a_database_without_migrations_has_them_too(tmp_path):
    script = (
        "from django.conf import settings; settings.MIGRATION_MODULES = type('None_', (), {"
        "'__contains__': lambda self, item: True, '__getitem__': lambda self, item: None})()\n"
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', run_syncdb=True, verbosity=0)\n"
        "from competencies.trail.trigger_installation import missing, installed\n"
        "print(len(missing()), len(installed()) > 100)"
    )
    code, said = Database(f"sqlite:///{tmp_path}/none.sqlite3", tmp_path).run("-c", script)

    assert (code, said.split()) == (0, ["0", "True"])


def names(file):
    with contextlib.closing(sqlite3.connect(file)) as there:
        return sorted(
            name for (name,) in there.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        )
