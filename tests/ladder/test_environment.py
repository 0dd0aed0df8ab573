"""What an operator may and may not say, tried on a process of its own: settings are read once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ladder.environment import Environment, weak

ROOT = Path(__file__).parents[2]
GOOD = {
    "LADDER_PRODUCTION": "1",
    "DATABASE_URL": "postgres://ladder@db/ladder",
    "LADDER_ALLOWED_HOSTS": "ladder.example.org",
    "LADDER_SECRET_KEY": "qT7-wz0Kp3vNf8Yh2LrXc5Jd9Ga4Ms6Bt1Ue_RiOyHkWqZxVnPlCj",
}


def settings_with(tmp_path, ask="DEBUG", **said):
    """Import the settings under `said` alone; return exit code, output and errors."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LADDER_", "DATABASE"))}
    done = subprocess.run(
        [sys.executable, "-c", f"from ladder import settings; print(settings.{ask})"],
        cwd=ROOT,
        env=kept | {"LADDER_DATA": str(tmp_path / "data")} | said,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"LADDER_DEBUG": "1"}, "LADDER_DEBUG is on"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"LADDER_ALLOWED_HOSTS": ""}, "LADDER_ALLOWED_HOSTS is missing"),
        ({"LADDER_ALLOWED_HOSTS": " , "}, "LADDER_ALLOWED_HOSTS is missing"),
        ({"LADDER_ALLOWED_HOSTS": "*"}, "LADDER_ALLOWED_HOSTS is *"),
        ({"LADDER_ALLOWED_HOSTS": "ladder.example.org,*"}, "LADDER_ALLOWED_HOSTS is *"),
        ({"LADDER_SECRET_KEY": ""}, "LADDER_SECRET_KEY is missing or weak"),
        ({"LADDER_SECRET_KEY": "short"}, "LADDER_SECRET_KEY is missing or weak"),
        ({"LADDER_SECRET_KEY": "a" * 80}, "LADDER_SECRET_KEY is missing or weak"),
        ({"LADDER_SECRET_KEY": "django-insecure-" + GOOD["LADDER_SECRET_KEY"]}, "LADDER_SECRET_KEY is"),
        ({"LADDER_PRODUCTION": "perhaps"}, "production: "),
    ],
)
def test_a_production_start_is_refused_with_the_reason(tmp_path, changed, sentence):
    code, _out, said = settings_with(tmp_path, **(GOOD | changed))

    assert code == 1
    assert said.startswith("Ladder does not start:\n  ")
    assert sentence in said
    assert "Traceback" not in said


def test_all_faults_are_told_at_once(tmp_path):
    _code, _out, said = settings_with(tmp_path, LADDER_PRODUCTION="1", LADDER_DEBUG="1")

    for name in ("LADDER_DEBUG", "DATABASE_URL", "LADDER_ALLOWED_HOSTS", "LADDER_SECRET_KEY"):
        assert name in said


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        ("DEBUG", "False"),
        ("ALLOWED_HOSTS", "['ladder.example.org']"),
        ("CSRF_TRUSTED_ORIGINS", "['https://ladder.example.org']"),
        ("SESSION_COOKIE_SECURE", "True"),
        ("CSRF_COOKIE_SECURE", "True"),
        ("SECURE_SSL_REDIRECT", "True"),
        ("DATABASES['default']['ENGINE']", "django.db.backends.postgresql"),
    ],
)
def test_production_is_closed_up(tmp_path, ask, answer):
    assert settings_with(tmp_path, ask, **GOOD) == (0, answer, "")


def test_without_a_word_one_gets_a_database_file_and_a_key_that_stays(tmp_path):
    first = settings_with(tmp_path, "SECRET_KEY")
    key = tmp_path / "data" / "secret-key"

    assert first == (0, key.read_text(), "")
    assert not weak(first[1])
    assert key.stat().st_mode & 0o077 == 0
    assert settings_with(tmp_path, "SECRET_KEY") == first
    name = settings_with(tmp_path, "DATABASES['default']['NAME']")[1]
    assert name == str(tmp_path / "data" / "ladder.sqlite3")


def test_hosts_are_separated_by_commas():
    assert Environment(allowed_hosts=" a.example, b.example ,").hosts == ["a.example", "b.example"]
