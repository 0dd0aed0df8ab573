"""The triggers of a database that has had some of its migrations, or none: each time a SQLite of its own."""

import contextlib
import shutil
import sqlite3

import pytest

from .programs import Database

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_a_part_of_the_migrations_has_the_triggers_of_its_tables(tmp_path):
    code, said = Database(f"sqlite:///{tmp_path}/part.sqlite3", tmp_path).migrate("reviews")

    assert code == 0, said
    part = names(tmp_path / "part.sqlite3")
    assert [name for name in part if name.startswith("closed_reviews_submission_update_")]
    assert not [name for name in part if name.startswith("closed_promotions_")]


def test_with_the_tables_of_an_app_their_triggers_go_and_come(tmp_path, migrated):
    database, file = Database(f"sqlite:///{tmp_path}/whole.sqlite3", tmp_path), tmp_path / "whole.sqlite3"
    if migrated:
        shutil.copy(migrated, file)
    else:
        database.migrate()
    whole = names(file)

    code, said = database.migrate("packets", "zero")
    assert code == 0, said
    left = names(file)
    assert [name for name in left if name.startswith("closed_promotions_decision_update_")]
    assert not [name for name in left if name.startswith("closed_packets_")]

    code, said = database.migrate()
    assert code == 0, said
    assert database.look()["missing"] == 0
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
