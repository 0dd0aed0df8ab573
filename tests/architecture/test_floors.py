"""The floors of the packages, and migrations that say what the models say."""

import contextlib
import io
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]


def test_each_package_imports_only_what_stands_below_it():
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)

    assert status == 0, said.getvalue()


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("competencies.")]
    said = io.StringIO()
    try:
        call_command("makemigrations", *ours, check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())
