"""The data folder is its owner's alone."""

import os
import subprocess
import sys

import pytest

from ladder.ops.data_folder import close_folder

FILES = ("ladder.sqlite3", "ladder.sqlite3-wal", "secret-key", "packets/1.pdf", "mail/1.log", "progress/x/y")


def mode(path):
    return oct(path.stat().st_mode & 0o777)


def test_what_is_there_is_closed_and_what_is_not_ours_stays(tmp_path):
    folder = tmp_path / "data"
    for name in (*FILES, "theirs/photo.jpg", "notes.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
        (folder / name).chmod(0o644)
    folder.chmod(0o755)

    close_folder(folder)

    assert mode(folder) == mode(folder / "packets") == mode(folder / "progress/x") == "0o700"
    assert {name: mode(folder / name) for name in FILES} == dict.fromkeys(FILES, "0o600")
    assert mode(folder / "theirs/photo.jpg") == mode(folder / "notes.txt") == "0o644"


def test_a_new_folder_is_closed(tmp_path):
    close_folder(tmp_path / "deep" / "data")

    assert mode(tmp_path / "deep" / "data") == "0o700"


def test_a_link_to_elsewhere_is_left_alone(tmp_path):
    theirs, folder = tmp_path / "theirs", tmp_path / "data"
    theirs.touch(0o644)
    theirs.chmod(0o644)
    (folder / "packets").mkdir(parents=True)
    (folder / "packets" / "link").symlink_to(theirs)

    close_folder(folder)

    assert mode(theirs) == "0o644"


@pytest.mark.parametrize("door", ["from ladder import wsgi", "import manage; manage.main()"])
def test_every_process_makes_what_it_makes_for_its_owner_alone(tmp_path, door):
    made = f"import os, sys; sys.argv[1:] = ['help']; {door}; open({str(tmp_path / 'made')!r}, 'w').close()"
    said = os.environ | {"LADDER_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "ladder.settings"}
    subprocess.run([sys.executable, "-c", f"import os; os.umask(0o022); {made}"], check=True, env=said)

    assert mode(tmp_path / "made") == "0o600"


def test_what_is_stored_is_the_owners_alone(settings):
    options = settings.STORAGES["default"]["OPTIONS"]

    assert (options["file_permissions_mode"], options["directory_permissions_mode"]) == (0o600, 0o700)
