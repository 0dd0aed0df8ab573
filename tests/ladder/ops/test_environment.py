"""What an operator may and may not say, tried on a process of its own: settings are read once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ladder.ops.environment import Environment, weak

ROOT = Path(__file__).parents[3]
GOOD = {
    "LADDER_PRODUCTION": "1",
    "DATABASE_URL": "postgres://ladder@db/ladder",
    "LADDER_ALLOWED_HOSTS": "ladder.example.org",
    "LADDER_SECRET_KEY": "qT7-wz0Kp3vNf8Yh2LrXc5Jd9Ga4Ms6Bt1Ue_RiOyHkWqZxVnPlCj",
}


# Reads questions and forks for each, so that what no setting reaches is imported once.
FORKING = """
import json, os, sys
import csp.constants, dj_database_url, django.utils.translation, ladder.ops.environment
for line in sys.stdin:
    question = json.loads(line)
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    os.environ.clear()
    os.environ.update(question["environment"])
    for number, file in enumerate(question["files"], 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    from ladder import settings
    exec(f"print(settings.{question['ask']})")
    break
"""


@pytest.fixture(scope="module")
def forking():
    process = subprocess.Popen(
        [sys.executable, "-c", FORKING], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.stdin.close()
    process.wait(60)


@pytest.fixture
def settings_with(forking, tmp_path):
    """A function that imports the settings under `said` alone; it returns exit code, output and errors."""

    def answer(ask="DEBUG", **said):
        files = [tmp_path / "out", tmp_path / "err"]
        question = {
            "environment": kept() | {"LADDER_DATA": str(tmp_path / "data")} | said,
            "files": [str(file) for file in files],
            "ask": ask,
        }
        forking.stdin.write(json.dumps(question) + "\n")
        forking.stdin.flush()
        code = int(forking.stdout.readline())
        return code, *(file.read_text().strip() for file in files)

    return answer


def kept():
    """Return the environment without a word to Ladder."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("LADDER_", "DATABASE"))}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"LADDER_DEBUG": "1"}, "LADDER_DEBUG is on"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is empty"),
        ({"LADDER_ALLOWED_HOSTS": ""}, "LADDER_ALLOWED_HOSTS is empty"),
        ({"LADDER_ALLOWED_HOSTS": " , "}, "LADDER_ALLOWED_HOSTS is missing"),
        ({"LADDER_ALLOWED_HOSTS": "*"}, "LADDER_ALLOWED_HOSTS is *"),
        ({"LADDER_ALLOWED_HOSTS": "ladder.example.org,*"}, "LADDER_ALLOWED_HOSTS is *"),
        ({"LADDER_SECRET_KEY": ""}, "LADDER_SECRET_KEY is empty"),
        ({"LADDER_SECRET_KEY": " "}, "LADDER_SECRET_KEY is empty"),
        ({"LADDER_PRODUCTION": ""}, "LADDER_PRODUCTION is empty"),
        ({"LADDER_SECRET_KEY": "short"}, "LADDER_SECRET_KEY is missing or weak"),
        ({"LADDER_SECRET_KEY": "a" * 80}, "LADDER_SECRET_KEY is missing or weak"),
        ({"LADDER_SECRET_KEY": "django-insecure-" + GOOD["LADDER_SECRET_KEY"]}, "LADDER_SECRET_KEY is"),
        ({"LADDER_PRODUCTION": "perhaps"}, "production: "),
        ({"LADDER_TASKS": "celery"}, "LADDER_TASKS must be database"),
    ],
)
def test_a_production_start_is_refused_with_the_reason(settings_with, changed, sentence):
    code, _out, said = settings_with(**(GOOD | changed))

    assert code == 1
    assert said.startswith("Ladder can't start:\n  ")
    assert sentence in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql"),
        ("DATABASE_URL", "mysql://ladder@db/ladder"),
        ("DATABASE_URL", "postgres://db:99999/ladder"),
        ("DATABASE_URL", "postgres://[/ladder"),
        ("LADDER_TIME_ZONE", "Mars/Olympus"),
        ("LADDER_LANGUAGE", "xx"),
        ("LADDER_LOG_LEVEL", "loud"),
        ("LADDER_DATA", "/dev/null"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_name(settings_with, name, value):
    code, _out, said = settings_with(**{name: value})

    assert code == 1
    assert said.startswith("Ladder can't start:\n  ")
    assert name in said
    assert "Traceback" not in said


def test_the_log_level_may_be_written_small(settings_with):
    assert settings_with("LOGGING['root']['level']", LADDER_LOG_LEVEL="debug") == (0, "DEBUG", "")


def test_all_faults_are_told_at_once(settings_with):
    _code, _out, said = settings_with(LADDER_PRODUCTION="1", LADDER_DEBUG="1")

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
def test_production_is_closed_up(settings_with, ask, answer):
    assert settings_with(ask, **GOOD) == (0, answer, "")


def test_without_a_word_one_gets_a_database_file_and_a_key_that_stays(settings_with, tmp_path):
    first = settings_with("SECRET_KEY")
    key = tmp_path / "data" / "secret-key"

    assert first == (0, key.read_text(), "")
    assert not weak(first[1])
    assert key.stat().st_mode & 0o077 == 0
    assert settings_with("SECRET_KEY") == first
    name = settings_with("DATABASES['default']['NAME']")[1]
    assert name == str(tmp_path / "data" / "ladder.sqlite3")


def test_hosts_are_separated_by_commas():
    assert Environment(allowed_hosts=" a.example, b.example ,").hosts == ["a.example", "b.example"]


def test_djangos_own_look_at_a_production_start_finds_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"],
        cwd=ROOT,
        env=kept() | {"LADDER_DATA": str(tmp_path / "data")} | GOOD,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "System check identified no issues (0 silenced).\n"


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, "", "", False, False)),
        ("smtp+tls://hr%40x:a%2Fb@mail.example.org", ("mail.example.org", 587, "hr@x", "a/b", True, False)),
        ("smtps://me:secret@mail.example.org:4650", ("mail.example.org", 4650, "me", "secret", False, True)),
    ],
)
def test_a_mail_server_is_named_by_one_address(url, settings):
    told = Environment(email_url=url, email_from="ladder@example.org").mail()

    assert tuple(told.values()) == settings


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:port"]
)
def test_an_address_that_names_no_mail_server_is_refused(url):
    with pytest.raises(ValueError, match="LADDER_EMAIL_URL must start with"):
        Environment(email_url=url, email_from="ladder@example.org")


def test_mail_needs_a_sender():
    with pytest.raises(ValueError, match="LADDER_EMAIL_FROM is missing"):
        Environment(email_url="smtp://mail.example.org")


def test_mail_goes_to_a_folder_or_to_the_server_that_is_named(settings_with):
    assert settings_with("EMAIL_BACKEND")[1].endswith("filebased.EmailBackend")
    said = {"LADDER_EMAIL_URL": "smtps://mail.example.org", "LADDER_EMAIL_FROM": "ladder@example.org"}
    assert settings_with("EMAIL_BACKEND, settings.EMAIL_USE_SSL, settings.EMAIL_PORT", **said)[1] == (
        "django.core.mail.backends.smtp.EmailBackend True 465"
    )


def test_keys_of_before_still_open_what_they_sealed(settings_with):
    assert settings_with("SECRET_KEY_FALLBACKS", LADDER_SECRET_KEY_FALLBACKS="one, two")[1] == (
        "['one', 'two']"
    )


ISSUER = {
    "LADDER_OIDC_ISSUER": "https://id.example.org/",
    "LADDER_OIDC_CLIENT_ID": "ladder",
    "LADDER_OIDC_CLIENT_SECRET": "given by the provider",
}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            ISSUER | {"LADDER_OIDC_CLIENT_ID": ""},
            "LADDER_OIDC_CLIENT_ID or LADDER_OIDC_CLIENT_SECRET is missing",
        ),
        (ISSUER | {"LADDER_OIDC_CLIENT_SECRET": ""}, "LADDER_OIDC_CLIENT_SECRET is missing"),
        (
            ISSUER | {"LADDER_OIDC_ISSUER": "http://id.example.org"},
            "LADDER_OIDC_ISSUER must start with https://",
        ),
        (
            GOOD | ISSUER | {"LADDER_OIDC_ISSUER": "http://localhost"},
            "LADDER_OIDC_ISSUER must start with https://",
        ),
        (ISSUER | {"LADDER_OIDC_CLIENT_AUTH": "none"}, "oidc_client_auth: "),
        ({"LADDER_OIDC_ONLY": "1"}, "LADDER_OIDC_ISSUER is missing"),
        ({"LADDER_OIDC_TRUSTED": "1"}, "LADDER_OIDC_ISSUER is missing"),
    ],
)
def test_a_provider_that_cannot_be_reached_safely_is_refused(settings_with, said, sentence):
    code, _out, told = settings_with(**said)

    assert code == 1
    assert sentence in told


def test_a_provider_is_known_by_its_issuer(settings_with):
    asked = "SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0]"
    same = [
        settings_with(f"{asked}['provider_id']", **(ISSUER | {"LADDER_OIDC_ISSUER": issuer}))[1]
        for issuer in ("https://id.example.org", "https://id.example.org/", "https://id.elsewhere.example")
    ]
    code, name, _said = settings_with("OIDC_NAME", **ISSUER)

    assert (code, name) == (0, "single sign-on")
    assert same[0] == same[1] != same[2]
    assert settings_with("OIDC_NAME")[1] == ""


@pytest.mark.parametrize(
    ("said", "backend"),
    [
        ({}, "django_tasks_db.DatabaseBackend"),
        ({"LADDER_TASKS": "database"}, "django_tasks_db.DatabaseBackend"),
        ({"LADDER_TASKS": "redis://127.0.0.1:1/0"}, "ladder.jobs.queue.WakingBackend"),
        ({"LADDER_TASKS": "rediss://127.0.0.1:1/0"}, "ladder.jobs.queue.WakingBackend"),
    ],
)
def test_one_setting_chooses_what_wakes_the_workers(settings_with, said, backend):
    code, out, _said = settings_with(ask="TASKS['default']['BACKEND']", **said)

    assert (code, out) == (0, backend)


OF_A_DEPLOYMENT = ["LADDER_PRODUCTION", "LADDER_SECRET_KEY", "LADDER_ALLOWED_HOSTS", "DATABASE_URL"]


@pytest.mark.parametrize("name", OF_A_DEPLOYMENT)
def test_what_a_deployment_leaves_empty_is_refused_by_name_and_alone(settings_with, name):
    for other in set(OF_A_DEPLOYMENT) - {name}:
        code, _out, said = settings_with(**{name: "", other: GOOD[other]})

        assert (code, said) == (
            1,
            f"Ladder can't start:\n  {name} is empty: set a value, or remove it",
        )


@pytest.mark.parametrize("name", OF_A_DEPLOYMENT)
def test_where_nothing_of_a_deployment_is_said_empty_is_not_said(settings_with, name):
    code, out, _said = settings_with("PRODUCTION", **{name: ""})

    assert (code, out) == (0, "False")


def every_setting():
    """Return the name of each variable that may be given."""
    fields = Environment.model_fields.items()
    return [field.validation_alias or f"LADDER_{name.upper()}" for name, field in fields]


def test_an_empty_setting_counts_as_not_set(settings_with, tmp_path):
    others = [name for name in every_setting() if name not in (*OF_A_DEPLOYMENT, "LADDER_DATA")]
    names = ("DEBUG", "TIME_ZONE", "EMAIL_HOST_NAMED", "SEAL_KEY", "TASKS_ON_REDIS", "ADDRESS")
    asked = ", settings.".join(names)

    empty, unsaid = settings_with(asked, **dict.fromkeys(others, "")), settings_with(asked)

    assert len(others) > 15
    assert empty[0] == 0, empty[2]
    assert empty[:2] == unsaid[:2]


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"LADDER_SERVED_AT": "http://localhost:8163"}, "http://localhost:8163"),
        ({"LADDER_ADDRESS": "https://a.example", "LADDER_SERVED_AT": "http://x:1"}, "https://a.example"),
        (GOOD | {"LADDER_SERVED_AT": "http://x:1"}, "https://ladder.example.org"),
        (GOOD | {"LADDER_ADDRESS": "https://people.example.org:444"}, "https://people.example.org:444"),
    ],
)
def test_links_and_codes_name_the_address_that_is_set_or_served(settings_with, said, address):
    _code, out, _said = settings_with("ADDRESS", **said)

    assert out == address
