"""The image and what compose makes of it, followed step by step without an engine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import ManagementUtility

from ladder.ops.environment import Environment
from tests.install.dockerfile import ROOT, command, copies, is_sent, lay_out, only, stages, variables
from tests.install.served import REAL, clean_environment, files_under, serving

PACKAGES, FINAL = stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))
IGNORING = (ROOT / ".dockerignore").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
OURS = ("web", "worker")
# Root may write what nobody may, but for this: the capabilities are gone, as compose takes them.
WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
LIBRARY = re.compile(r"\blib(?:pango|harfbuzz)[\w.+-]+")
KNOWN = {
    field.validation_alias or f"LADDER_{name.upper()}" for name, field in Environment.model_fields.items()
}
SECRETS = ("LADDER_ALLOWED_HOSTS", "LADDER_SECRET_KEY", "POSTGRES_PASSWORD")


def test_what_the_image_copies_is_there_and_sent_to_the_engine():
    sources = [source for stage in (PACKAGES, FINAL) for source, _target in copies(stage)]

    assert len(sources) >= 8
    for source in sources:
        assert (ROOT / source).exists(), source
        assert is_sent(source, IGNORING), source


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("ladder/settings.py", True),
        ("ladder/__pycache__/settings.pyc", False),
        ("competencies/reviews/migrations/__pycache__/x.pyc", False),
        (".env", False),
        ("var/secret-key", False),
        (".git/config", False),
        (".venv/bin/python", False),
        ("tests/conftest.py", False),
        ("requirements-dev.txt", False),
    ],
)
def test_no_secret_and_nothing_that_is_not_needed_reaches_the_engine(path, sent):
    assert is_sent(path, IGNORING) is sent


def test_every_folder_that_the_program_reads_is_in_the_image():
    there = {source for source, _target in copies(FINAL)}

    assert {"ladder", "competencies", "templates", "seeds", "manage.py", "pyproject.toml"} <= there


def test_the_libraries_are_those_that_are_told_to_people():
    wanted = set(LIBRARY.findall(next(row.rest for row in FINAL if "apt-get install" in row.rest)))

    assert len(wanted) == 3
    for place in ("README.md", "docs/hosting.md", "Makefile", ".ci/run"):
        assert set(LIBRARY.findall((ROOT / place).read_text(encoding="utf-8"))) == wanted, place


def test_packages_are_installed_by_their_digests_as_make_does():
    (step,) = (row.rest for row in PACKAGES if row.word == "RUN")
    options = re.search(r"pip install .*(--require-hashes --only-binary :all: --no-binary \w+) ", step)[1]

    assert f"{options} -r" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_image_runs_as_nobody_in_particular_and_holds_no_secret():
    uid, _colon, gid = only(FINAL, "USER").partition(":")
    made = " ".join(row.rest for row in FINAL if row.word == "RUN")

    assert int(uid) == int(gid) > 1000
    assert f"--uid {uid}" in made
    assert f"--gid {gid}" in made
    assert only(FINAL, "VOLUME") == variables(FINAL)["LADDER_DATA"]
    assert not {name for name in variables(FINAL) if re.search("KEY|SECRET|PASSWORD|TOKEN|URL", name)}


@pytest.fixture
def app(tmp_path):
    """The folder of the program as the steps of the Dockerfile leave it: nobody may write there."""
    folder = tmp_path / "app"
    folder.mkdir()
    lay_out(FINAL, folder, IGNORING)
    (compiling,) = (row.rest for row in FINAL if "compileall" in row.rest)
    compiling = compiling.replace("/opt/ladder/bin/python", sys.executable)
    subprocess.run(compiling, shell=True, cwd=folder, check=True)
    subprocess.run(["chmod", "-R", "a-w", folder], check=True)
    yield folder
    subprocess.run(["chmod", "-R", "u+w", folder], check=True)


@pytest.mark.slow
@pytest.mark.django_db  # so that there is a migrated database to copy, when this is run alone
def test_its_command_serves_from_code_that_cannot_be_written(app, tmp_path, migrated):
    """The steps that ask no other machine, without the rights of root; `scratch` stands for /tmp."""
    data, scratch = tmp_path / "data", tmp_path / "scratch"
    data.mkdir()
    scratch.mkdir()
    if migrated:
        shutil.copy(migrated, data / "ladder.sqlite3")
    said = variables(FINAL) | {"HOME": str(scratch), "TMPDIR": str(scratch), "LADDER_DATA": str(data)}
    said |= REAL | {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{data / 'ladder.sqlite3'}"}
    said = clean_environment(**said)
    before = files_under(app)
    starting = [*command(only(FINAL, "ENTRYPOINT")), *COMPOSE["services"]["web"]["command"]]
    starting[0], starting[starting.index("0.0.0.0")] = sys.executable, "127.0.0.1"
    starting = [*WITHOUT_RIGHTS, *starting]

    with serving(starting, tmp_path / "log", cwd=app, environment=said) as site:
        probe = [word.replace("8000", str(site.port)) for word in command(only(FINAL, "HEALTHCHECK"))]
        healthy = subprocess.run([sys.executable, *probe[1:]]).returncode
        page = site.ask("/sign-in/")
        file = re.search(r'"(/static/[^"]+\.css)"', page[1])[1]
        stylesheet, names = site.ask(file), _names_below(site.process.pid)

    assert (healthy, page[0], stylesheet[0]) == (0, 200, 200), site.said()
    assert site.process.returncode == 0
    assert "Traceback" not in site.said()
    assert files_under(app) == before
    assert (data / "static" / "staticfiles.json").exists()
    assert list(scratch.rglob("*")) == []
    assert names == ["web server"]


def _names_below(number):
    """Return the names of the processes that a process started."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(file.read_text().rpartition(")")[2].split()[1])
            if parent == number:
                found.append((file.parent / "comm").read_text().rstrip("\n"))
        except OSError:
            continue
    return found


def test_compose_sets_what_the_program_knows():
    for name in OURS:
        assert set(COMPOSE["services"][name]["environment"]) <= KNOWN


def test_compose_starts_nothing_without_its_secrets():
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")

    assert set(re.findall(r"\$\{(\w+)", text)) == set(SECRETS)
    assert re.findall(r"\$\{\w+(?!:\?|\w)", text) == []


def test_every_service_is_closed_up():
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert "/tmp" in service["tmpfs"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "healthcheck" in service or name == "web", name  # the image has its own
        assert "privileged" not in service, name
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]


def test_web_and_worker_are_commands_of_ours():
    for name in OURS:
        word = COMPOSE["services"][name]["command"][0]
        told = ManagementUtility().fetch_command(word).create_parser("ladder", word).format_help()
        options = [word for word in COMPOSE["services"][name]["command"] if word.startswith("--")]

        assert all(option in told for option in options), name


def test_the_proxy_of_compose_is_the_one_that_is_told_to_people():
    hosting = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    told = re.search(r"```caddy\nladder.example.com (.*?)```", hosting, re.DOTALL)[1]
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    _options, _host, ours = caddyfile.partition("{$LADDER_ALLOWED_HOSTS} ")

    assert ours.replace("web:8000", "127.0.0.1:8000").split() == told.split()


def test_the_example_names_what_has_to_be_given_and_gives_nothing_away():
    lines = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    named = {line.lstrip("#").split("=")[0] for line in lines if re.match(r"#?[A-Z_]+=", line)}

    assert {name: given[name] for name in SECRETS} == dict.fromkeys(SECRETS, "")
    assert named <= KNOWN | set(SECRETS)
