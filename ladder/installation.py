"""Where this program lies: in a checkout beside `manage.py`, or installed among the packages of a Python."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_beside = PACKAGE.parent
CHECKOUT = _beside if (_beside / "manage.py").is_file() and (_beside / "templates").is_dir() else None
TEMPLATES = CHECKOUT / "templates" if CHECKOUT else PACKAGE / "_templates"
SEEDS = CHECKOUT / "seeds" if CHECKOUT else PACKAGE / "_seeds"


def data_folder():
    """Return the data folder where none is named: `var/` of the checkout, or that of the user's programs."""
    if CHECKOUT:
        return CHECKOUT / "var"
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "ladder"
