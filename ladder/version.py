"""The version of this program: said in `pyproject.toml`, and told to what was installed from it."""

import tomllib
from importlib.metadata import version

from ladder.installation import CHECKOUT


def read():
    """Return the version, as `0.2.0`."""
    if CHECKOUT:
        return tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return version("ladder")
