"""A Dockerfile and its .dockerignore, read as an engine reads them, where there is none."""

import json
import re
import shlex
import shutil
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Instruction(NamedTuple):
    """One instruction: its word, and the rest of its line with continued lines joined."""

    word: str
    rest: str


def stages(text):
    """Return the instructions of each stage of a Dockerfile, as lists that begin with FROM."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", text))
    found = []
    for line in filter(None, joined.split("\n")):
        word, rest = line.split(maxsplit=1)
        if word == "FROM" or not found:
            found.append([])
        found[-1].append(Instruction(word, rest))
    return [stage for stage in found if stage[0].word == "FROM"]


def copies(stage):
    """Return `(source, target)` of all that a stage copies from the folder of the build."""
    words = [row.rest.split() for row in stage if row.word == "COPY" and not row.rest.startswith("--from")]
    return [(source, target) for *sources, target in words for source in sources]


def only(stage, word):
    """Return what the one instruction `word` of a stage says."""
    (row,) = (row for row in stage if row.word == word)
    return row.rest


def command(rest):
    """Return the words of a CMD, ENTRYPOINT or HEALTHCHECK in its form without a shell."""
    return json.loads(rest[rest.index("[") :])


def variables(stage):
    """Return the variables that a stage sets for what runs."""
    pairs = [pair for row in stage if row.word == "ENV" for pair in shlex.split(row.rest)]
    return dict(pair.split("=", 1) for pair in pairs)


def is_sent(path, ignoring):
    """Return True if `path`, relative to the folder of the build, is no secret to the engine.

    `ignoring`: the text of a .dockerignore. Its last pattern that fits the path, or a folder of it, decides.
    """
    parts = Path(path).parts
    folders = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    sent = True
    for line in ignoring.splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        wanted, pattern = pattern.startswith("!"), pattern.removeprefix("!").strip("/")
        if any(_fits(folder, pattern) for folder in folders):
            sent = wanted
    return sent


def _fits(path, pattern):
    if pattern.startswith("**/"):
        return fnmatch(Path(path).name, pattern[3:])
    return path.count("/") == pattern.count("/") and fnmatch(path, pattern)


def lay_out(stage, folder, ignoring):
    """Copy into `folder` what a stage copies into its own, without what the .dockerignore keeps back."""
    for source, target in copies(stage):
        for file in [ROOT / source, *(ROOT / source).rglob("*")]:
            name = file.relative_to(ROOT)
            if not file.is_file() or not is_sent(name.as_posix(), ignoring):
                continue
            place = folder / target / file.relative_to(ROOT / source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)
