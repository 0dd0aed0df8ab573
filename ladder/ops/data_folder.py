"""The data folder is its owner's alone: folders 700, files 600, what was there before as well."""

import os

OURS = ("packets", "exports", "fonts", "mail", "progress", "files", "static", "bundles")
KEPT = ("secret-key", "ladder.sqlite3*", *(f"{name}/**/*" for name in OURS))


def keep_private():
    """Have this process, and those it starts, make every file and folder for its owner alone."""
    os.umask(0o077)


def close_folder(folder):
    """Make the data folder where it is not there, and take away what others may in it and in what is ours.

    What somebody else put there, or owns, stays as it is.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours = [folder / name for name in OURS if (folder / name).is_dir()]
    for path in [folder, *ours, *(path for pattern in KEPT for path in folder.glob(pattern))]:
        found = path.lstat()
        mode = 0o700 if path.is_dir() else 0o600
        if found.st_uid == os.geteuid() and not path.is_symlink() and found.st_mode & 0o777 != mode:
            path.chmod(mode)
