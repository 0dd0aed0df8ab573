"""The wheel, installed beside the packages that these tests run on, and served from a folder of its own."""

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.install.served import REAL, clean_environment, files_under, serving

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that `pip install .` makes, without a look at any other machine."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder]
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", *options, ROOT], check=True)
    return next(folder.glob("ladder-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The `bin` of an environment of its own that holds the wheel."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "of_the_tests.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin"


@pytest.fixture
def elsewhere(tmp_path):
    """A folder that is nobody's checkout, to call commands in."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def test_the_wheel_holds_the_packages_with_templates_seeds_and_guide_and_no_more(wheel):
    places = {"templates": "ladder/_templates", "seeds": "ladder/_seeds"}
    wanted = {
        f"{places.get(top, top)}/{path.relative_to(ROOT / top).as_posix()}"
        for top in ("ladder", "competencies", *places)
        for path in (ROOT / top).rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    } | {"ladder/_docs/using.md"}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert held == wanted


def test_it_checks_itself_anywhere_and_keeps_data_among_those_of_programs(wheel, installed, elsewhere):
    said = clean_environment(XDG_DATA_HOME=str(elsewhere / "share"))
    done = subprocess.run(
        [installed / "ladder", "check"], cwd=elsewhere, env=said, capture_output=True, text=True
    )

    asking = [installed / "python", "-c", "from ladder import version; print(version.read())"]
    version = subprocess.run(asking, cwd=elsewhere, env=said, capture_output=True, text=True).stdout.strip()

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout
    assert f"-{version}-" in wheel.name
    assert (elsewhere / "share" / "ladder" / "secret-key").exists()
    assert [path.name for path in elsewhere.iterdir()] == ["share"]


@pytest.mark.django_db  # so that there is a migrated database to copy, when this is run alone
def test_it_serves_pages_and_files_and_writes_into_its_data_folder_alone(
    installed, elsewhere, tmp_path, migrated
):
    """The data folder is named as people name one: from where they are."""
    data = elsewhere / "data"
    data.mkdir()
    if migrated:
        shutil.copy(migrated, data / "ladder.sqlite3")
    database = {"DATABASE_URL": f"sqlite:///{data / 'ladder.sqlite3'}"}
    said = clean_environment(LADDER_DATA="data", PYTHONDONTWRITEBYTECODE="1", **database, **REAL)
    before = files_under(installed.parent)

    with serving([installed / "ladder", "start"], tmp_path / "log", cwd=elsewhere, environment=said) as site:
        page = site.ask("/sign-in/")
        file = re.search(r'"(/static/[^"]+\.css)"', page[1])[1]
        stylesheet, health = site.ask(file), site.ask("/healthz")
        ready = site.ask("/readyz", host="localhost")

    assert (page[0], stylesheet[0], health[0]) == (200, 200, 200), site.said()
    assert "Traceback" not in site.said()
    assert '"database"' in ready[1]
    assert site.process.returncode == 0
    assert "built-in framework is loaded as a draft" in site.said()
    assert (data / "static" / "staticfiles.json").exists()
    assert files_under(installed.parent) == before
    assert [path.name for path in elsewhere.iterdir()] == ["data"]
