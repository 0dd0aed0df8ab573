"""Where the program finds what is its own, and where it keeps what it writes when nobody says."""

from pathlib import Path

import pytest

from ladder import installation

ROOT = Path(__file__).parents[2]


@pytest.fixture
def installed(monkeypatch):
    monkeypatch.setattr(installation, "CHECKOUT", None)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)


def test_a_checkout_has_everything_beside_the_package():
    assert (
        installation.CHECKOUT,
        installation.TEMPLATES,
        installation.SEEDS,
        installation.GUIDE,
        installation.data_folder(),
    ) == (ROOT, ROOT / "templates", ROOT / "seeds", ROOT / "docs" / "using.md", ROOT / "var")


@pytest.mark.parametrize(
    ("said", "folder"),
    [
        ({"HOME": "/home/ada"}, "/home/ada/.local/share/ladder"),
        ({"HOME": "/home/ada", "XDG_DATA_HOME": "/srv"}, "/srv/ladder"),
    ],
)
def test_an_installed_program_keeps_its_data_among_those_of_its_user(installed, monkeypatch, said, folder):
    for name, value in said.items():
        monkeypatch.setenv(name, value)

    assert installation.data_folder() == Path(folder)


def test_a_user_without_a_home_is_told_what_to_name(installed, monkeypatch):
    def homeless(_path):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", homeless)

    with pytest.raises(SystemExit, match="LADDER_DATA is missing, and this user has no home"):
        installation.data_folder()
