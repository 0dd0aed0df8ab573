"""The parent's side: one warm child per process, one packet at a time, ended when it exceeds its limits."""

import atexit
import hashlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from competencies.trail.models import canonical

from . import sealing
from .checks import REMEDY
from .context import NEWEST, packet_context, paper_of
from .pictograms import without_pictograms
from .refusal import TypesettingFailed

SECONDS = 30
STARTING = 60  # seconds for a cold start on a busy machine
RENDERS = 200  # after so many a fresh child takes over
MOST_KEPT = 300 << 20  # bytes of memory beyond which a child is not kept for the next packet
LONGEST = 8_000_000  # characters of markup
READ, ARCHIVED = "pdf/ua-1", "pdf/a-3a"
NUMBERED = 3  # the first format in which lists keep the numbers that were typed


@dataclass(frozen=True)
class Typeset:
    """What came out: pages, bytes, SHA-256 (hex), seconds in the child, and its peak memory in bytes."""

    pages: int
    bytes: int
    sha256: str
    seconds: float
    peak_rss: int
    refused_addresses: int = 0


def typeset(snapshot: dict, *, to: Path) -> Typeset:
    """Typeset a snapshot to the file `to`, which appears whole or not at all, sealed where there is a seal.

    The same snapshot gives the same bytes, a seal apart. The archive copy is PDF/A-3, the others PDF/UA-1.
    Refuses with `TypesettingFailed` when the packet takes more than 30 seconds or 1 GiB, when no face here
    has its letters, when the printer's libraries are missing or the seal cannot be set, and with
    `context.Unreadable` for another format.
    """
    packet, paper = snapshot["packet"], paper_of(snapshot)
    with translation.override(packet["language"]):
        context = packet_context(snapshot)
        html = render_to_string(context["document"], context)
    return child.typeset(
        without_pictograms(html),
        canonical(snapshot).encode(),
        name=f"{packet['number']}.json",
        moment=packet["frozen_at"],
        to=Path(to),
        form=ARCHIVED if packet["variant"] == "archive" else READ,
        sheet=paper.sheet,
        numbered=snapshot["format"] >= NUMBERED and ("<ol start=" in html or "<li value=" in html),
        sealing=_seal_for(snapshot) if settings.SEAL_KEY else None,
    )


def _seal_for(snapshot):
    """Return the seal of a document; on a masked copy it tells the day alone, as the copy does."""
    packet = snapshot["packet"]
    day = datetime.fromisoformat(packet["frozen_at"]) if packet["variant"] == "masked" else None
    return sealing.seal(snapshot["organisation"]["name"], at=day)


class Child:
    """The printing process of this process: started when first asked, kept warm, replaced when it fails."""

    def __init__(self):
        self._lock = threading.Lock()
        self._forget()

    def typeset(
        self,
        html,
        data,
        *,
        name,
        moment,
        to,
        form=READ,
        sealing=None,
        seconds=SECONDS,
        numbered=False,
        sheet=NEWEST.sheet,
    ):
        """Print markup with `data` attached as `name`; one packet at a time, whatever the thread.

        `form`: which kind of PDF. `sealing`: a function that seals the file at a path, last of all.
        `numbered`: lists in it say where they begin to count, which takes the printer a while to heed.
        `sheet`: the style sheet among the bundled ones.
        """
        if len(html) > LONGEST:
            raise TypesettingFailed(_("The packet is too long to be typeset."))
        with self._lock:
            folder = self._start()
            try:
                request = {"name": name, "moment": moment, "form": form, "numbered": numbered, "sheet": sheet}
                return self._typeset(folder, html, data, Path(to), request, sealing, seconds)
            finally:
                self._retire()

    def stop(self):
        """End the child and remove its folder."""
        with self._lock:
            self._end()

    def forget(self):
        """In a forked process: the child and its pipes belong to the parent."""
        self._lock = threading.Lock()
        self._forget()

    @property
    def pid(self):
        return self._process and self._process.pid

    def _forget(self):
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._faces: tuple[Path, int | None] | None = None
        self._renders = self._peak = 0

    def _start(self):
        """Have a child run that knows the typefaces of now; return its folder.

        Machines clear their folder of temporary files: a child whose folder went is replaced.
        """
        faces = faces_here()
        alive = self._process and self._process.poll() is None
        if alive and self._faces == faces and self._folder and self._folder.is_dir():
            return self._folder
        self._end()
        self._faces = faces
        self._folder = Path(tempfile.mkdtemp(prefix="ladder-print-"))  # an object would remove it in a fork
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ladder.pdf"],
            cwd=Path(__file__).resolve().parent.parent.parent,
            env=_environment(str(self._folder)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._answer(STARTING)
        return self._folder

    def _typeset(self, folder, html, data, to, request, sealing, seconds):
        source, attachment = folder / "packet.html", folder / "data.json"
        source.write_text(html, encoding="utf-8")
        attachment.write_bytes(data)
        to.parent.mkdir(parents=True, exist_ok=True)
        part = to.with_name(f".{to.name}.{os.getpid()}.part")
        request |= {
            "html": str(source),
            "data": str(attachment),
            "pdf": str(part),
            "description": _("The data of this packet, for programs"),
            "identifier": hashlib.sha256(data).hexdigest()[:32],
            "seconds": seconds,
        }
        try:
            result = self._ask(request, seconds)
            if sealing:
                sealing(part)
                result = replace(result, **_measured(part))
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)
        return result

    def _ask(self, request, seconds):
        try:
            asked, _answers = self._pipes()
            asked.write(json.dumps(request).encode() + b"\n")
            asked.flush()
        except BrokenPipeError:
            self._end()
            raise TypesettingFailed(_("The printer stopped. Try again.")) from None
        answer = self._answer(seconds)
        self._renders, self._peak = self._renders + 1, answer["peak_rss"]
        return Typeset(**answer)

    def _answer(self, seconds):
        """The child's next line, or its end and the reason in words."""
        _asked, answers = self._pipes()
        readable, _w, _x = select.select([answers], [], [], seconds)
        line = answers.readline() if readable else b""
        answer = json.loads(line) if line else {}
        if answer and not answer.keys() & {"missing", "refused"}:
            return answer
        if answer.get("refused") != "broken":  # the next child looks anew for faces
            self._end()
        refused = answer.get("refused") == "letters"
        raise TypesettingFailed(
            _reason(answer, late=not readable), letters=answer["because"] if refused else ""
        )

    def _pipes(self):
        """Return what the child reads and what it writes."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("no printer was started")
        return process.stdin, process.stdout

    def _retire(self):
        if self._renders >= RENDERS or self._peak > MOST_KEPT:
            self._end()

    def _end(self):
        process, folder = self._process, self._folder
        self._forget()
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _measured(path):
    """What the row of a document says of its file, after its bytes changed."""
    body = path.read_bytes()
    return {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def faces_here():
    """Return where the faces of the installation lie, and when one came or went.

    A child sees those of its start.
    """
    folder = settings.FONT_DIR
    return folder, folder.stat().st_mtime_ns if folder.is_dir() else None


def _reason(answer, *, late):
    if late:
        return _("The packet took longer than %(seconds)d seconds to typeset, so it was stopped.") % {
            "seconds": SECONDS
        }
    if "missing" in answer:
        return _("The printer's libraries are missing. To install them: %(remedy)s") % {"remedy": REMEDY}
    if answer.get("refused") == "letters":
        return _(
            "No typeface here has these letters of the packet: %(letters)s. Put one that has them, "
            "for instance from the Noto family, into the folder %(folder)s, then try again."
        ) % {"letters": " ".join(answer["because"][:20]), "folder": settings.FONT_DIR.name}
    if answer.get("refused") == "broken":
        return _("The packet could not be typeset (%(because)s).") % answer
    return _("The packet needed more than 1 GiB of memory, or the printer crashed, so it was stopped.")


def _environment(folder):
    """Only what the child needs, so no key and no database; fixed where a library would ask the clock."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "LANG", "DYLD_FALLBACK_LIBRARY_PATH")
        if name in os.environ
    }
    fixed = {
        "HOME": folder,
        "XDG_DATA_HOME": str(settings.FONT_DIR.parent),  # where fontconfig looks for a folder of fonts
        "TMPDIR": folder,
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "0",
        "MALLOC_ARENA_MAX": "2",
    }
    return kept | fixed


child = Child()
atexit.register(child.stop)
os.register_at_fork(after_in_child=child.forget)
