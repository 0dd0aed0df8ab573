"""Programs on a database of their own: started and killed one by one, or forked from a loaded one."""

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PLAIN = "ladder.settings"

# Most of what a command takes is the loading of the program, which no row of a database reaches.
FORKING = """
import io, json, os, sys, django
django.setup()
from django.urls import get_resolver
from ladder.__main__ import main
get_resolver().url_patterns
for line in sys.stdin:
    question = json.loads(line)
    if child := os.fork():
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    os.environ.update(question["environment"])
    said = os.open(question["file"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.stdin = io.StringIO(question["given"])
    sys.argv = question["arguments"]
    if sys.argv[0] == "-c":
        code = sys.argv.pop(1)
        exec(code, {"__name__": "__main__"})
    else:
        main()
    break
"""

LOOK = """
import json, sys, django
django.setup()
from django.apps import apps
from django.db import connection
from django.test import Client
from competencies.trail.trigger_installation import missing
from ladder.ops import health
from ladder.ops.maintenance import newer
health.CHECKS.pop("worker")  # none lives here
answers = {path: Client().get(path, HTTP_HOST="localhost") for path in ("/sign-in/", "/readyz", "/healthz")}
print(json.dumps({
    "missing": len(missing()),
    "newer": newer(),
    "pages": {path: answer.status_code for path, answer in answers.items()},
    "again": answers["/sign-in/"].headers.get("Retry-After"),
    "rows": {
        m._meta.label: m.objects.count()
        for m in apps.get_models()
        if m._meta.app_label != "sessions" and "rows" in sys.argv
    },
}))
"""


class Database:
    """A database of its own, for programs that are started, killed and asked what they find."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder

    def environment(self, settings=PLAIN, **more):
        told = {"DATABASE_URL": self.url, "LADDER_DATA": str(self.folder), "DJANGO_SETTINGS_MODULE": settings}
        return os.environ | told | more

    def begin(self, *arguments, settings=PLAIN, **more):
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(settings, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments, settings=PLAIN, **more):
        process = self.begin(*arguments, settings=settings, **more)
        said, _nothing = process.communicate(timeout=180)
        return process.returncode, said

    def migrate(self, *arguments, settings=PLAIN, **more):
        return self.run("manage.py", "migrate", "--verbosity=0", *arguments, settings=settings, **more)

    def look(self, settings=PLAIN, *, meanwhile=False):
        """Ask what a program finds; `meanwhile` does not count rows, which a migration may hold."""
        code, said = self.run("-c", LOOK, *([] if meanwhile else ["rows"]), settings=settings)
        assert code == 0, said
        return json.loads(said.splitlines()[-1])


class OftenAsked(Database):
    """A database that is put back and asked again and again: what runs on it is forked.

    What says no address has the file in the data folder that Ladder makes for itself.
    """

    def __init__(self, url, folder):
        super().__init__(url, folder)
        self._loaded = {}

    def run(self, *arguments, settings=PLAIN, **more):
        begun = self.begin(*arguments, settings=settings, **more)
        return begun.end(), begun.said()

    def begin(self, *arguments, settings=PLAIN, given="", **more):
        """Run a program beside what is asked of other settings; those of its own wait for its end."""
        if settings not in self._loaded:
            self._loaded[settings] = subprocess.Popen(
                [sys.executable, "-c", FORKING], cwd=ROOT, env=self.environment(settings), bufsize=0,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        loaded, file = self._loaded[settings], self.folder / f"said under {settings}"
        question = {"arguments": arguments, "environment": more, "file": str(file), "given": given}
        loaded.stdin.write(f"{json.dumps(question)}\n".encode())
        return Begun(int(loaded.stdout.readline()), loaded.stdout, file)

    def end(self):
        """End the programs that were loaded."""
        for loaded in self._loaded.values():
            loaded.stdin.close()
            loaded.wait(60)
            loaded.stdout.close()


class Begun:
    """A program that was forked: what it says, and how it ends."""

    def __init__(self, pid, ends, file):
        self._pid, self._ends, self._file = pid, ends, file

    def said(self):
        return self._file.read_text() if self._file.exists() else ""

    def runs(self):
        return not select.select([self._ends], [], [], 0)[0]

    def kill(self):
        if self.runs():
            os.kill(self._pid, signal.SIGKILL)

    def end(self):
        """Wait for its end; return its exit code."""
        return int(self._ends.readline())
