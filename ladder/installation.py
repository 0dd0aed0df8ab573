"""Where this program lies: in a checkout beside `manage.py`, or installed among the packages of a Python."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_beside = PACKAGE.parent
CHECKOUT = _beside if (_beside / "manage.py").is_file() and (_beside / "templates").is_dir() else None
TEMPLATES = CHECKOUT / "templates" if CHECKOUT else PACKAGE / "_templates"
SEEDS = CHECKOUT / "seeds" if CHECKOUT else PACKAGE / "_seeds"
GUIDE = (CHECKOUT / "docs" if CHECKOUT else PACKAGE / "_docs") / "using.md"


def data_folder():
    """Return the data folder where none is named: `var/` of the checkout, or that of the user's programs.

    Ends the process with a sentence where the user has no home.
    """
    if CHECKOUT:
        return CHECKOUT / "var"
    try:
        return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "ladder"
    except RuntimeError:
        reason = "LADDER_DATA is missing, and this user has no home: name the folder for the data"
        raise SystemExit(f"Ladder does not start:\n  {reason}") from None
