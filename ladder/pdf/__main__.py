"""The child: reads one request per line, typesets it, answers one line. Knows no Django and no secrets."""

import gc
import hashlib
import json
import logging
import os
import re
import resource
import signal
import sys
import time
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from .weasyprint_internals import (
    compress_quickly,
    fill_in_pages,
    finisher,
    leave_out_notes,
    measure_few_letters,
    read_quickly,
    unknown_letters,
)

MEMORY = 1 << 30  # bytes of address space
LARGEST_FILE = 64 << 20
ASSETS = Path(__file__).resolve().parent.parent / "static" / "ladder"
SUFFIXES = {".css": "text/css", ".woff2": "font/woff2"}
LARGEST_DATA = 2_000_000  # characters of a data: address
NEWEST = "css/packet/print4.css"  # of the packets that are frozen today
PAGE_NUMBER = 'class="packet4-page"'  # marks where the number of a page is filled in
TOKEN = re.compile(r"(--[\w-]+):\s*([^;]+);")


def main():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    _limit()
    try:
        printer = Printer()
    except (OSError, ImportError) as problem:
        return _answer(answers, {"missing": str(problem)})

    _answer(answers, {"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        signal.alarm(request["seconds"] + 5)  # the parent ends us first, if it lives
        try:
            _answer(answers, printer.print(request))
        except MemoryError:
            return _answer(answers, {"refused": "memory"})
        except Exception as problem:
            _answer(answers, {"refused": "broken", "because": type(problem).__name__})
        signal.alarm(0)
        printer.forget()  # after the answer, while nobody waits


def _limit():
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(limit, (most, most))
    sys.addaudithook(_no_network)


def _no_network(event, args):
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        raise PermissionError("the printer opens no connection and starts no program")


def _answer(answers, message):
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _peak():
    """The most memory this process has held, in bytes.

    Linux hands `ru_maxrss` on from the program that started this one, so its own count is asked first.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class Printer:
    """WeasyPrint with its fonts and style sheets, each read once and kept."""

    def __init__(self):
        import pydyf
        import weasyprint

        for name in (
            "weasyprint",
            "weasyprint.progress",
            "fontTools",
        ):  # their lines would quote people's text
            logging.getLogger(name).handlers = [logging.NullHandler()]
            logging.getLogger(name).propagate = False

        leave_out_notes(weasyprint)
        read_quickly(weasyprint)
        measure_few_letters(weasyprint.layout.preferred)
        compress_quickly(pydyf)
        self.unknown = unknown_letters()
        self.weasyprint = weasyprint
        self.fetcher = _fetcher(weasyprint)
        self.finisher = partial(finisher, pydyf)
        self.document = None
        self.sheets = {}
        self._sheet(NEWEST)
        gc.freeze()

    def print(self, request):
        """Typeset `html` to `pdf`; with the pages, bytes, digest, seconds and memory that it took."""
        started, self.fetcher.refused = time.perf_counter(), 0
        gc.disable()
        try:
            self.unknown.clear()
            self.document = document = self._document(request)
            pdf = document.write_pdf(
                pdf_variant=request["form"],
                pdf_identifier=bytes.fromhex(request["identifier"]),
                attachments=[self._attachment(request)],
                finisher=self.finisher(
                    kept=request["form"].startswith("pdf/a"), bodies=request["sheet"] == NEWEST
                ),
            )
        finally:
            gc.enable()
        if self.unknown:
            return {"refused": "letters", "because": "".join(sorted(self.unknown))}
        Path(request["pdf"]).write_bytes(pdf)
        return {
            "pages": len(document.pages),
            "bytes": len(pdf),
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "seconds": time.perf_counter() - started,
            "peak_rss": _peak(),
            "refused_addresses": self.fetcher.refused,
        }

    def forget(self):
        """Free the last document, which takes a tenth of a second: its tree is large."""
        self.document = None
        gc.collect()

    def _document(self, request):
        source = Path(request["html"]).read_text(encoding="utf-8")
        html = self.weasyprint.HTML(string=source, url_fetcher=self.fetcher, base_url="asset:")
        fonts, sheet = self._sheet(request["sheet"])
        document = html.render(
            font_config=fonts,
            stylesheets=[sheet],
            pdf_variant=request["form"],
            presentational_hints=request["numbered"],
        )
        fill_in_pages(document, source.count(PAGE_NUMBER))
        return document

    def _sheet(self, name):
        """The faces and the style sheet of that name; those of earlier formats are read when asked for."""
        if name not in self.sheets:
            fonts = self.weasyprint.text.fonts.FontConfiguration()
            url = f"asset:{name}"
            sheet = self.weasyprint.CSS(url=url, url_fetcher=self.fetcher, font_config=fonts)
            self.sheets[name] = fonts, sheet
        return self.sheets[name]

    def _attachment(self, request):
        moment = datetime.fromisoformat(request["moment"])
        return self.weasyprint.Attachment(
            string=Path(request["data"]).read_bytes(),
            name=request["name"],
            description=request["description"],
            created=moment,
            modified=moment,
            relationship="Source",
            url_fetcher=self.fetcher,
        )


def _fetcher(weasyprint):
    """The fetcher that refuses everything but the bundled styles and fonts, and small `data:`."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class PacketFetcher(URLFetcher):
        refused = 0

        def __init__(self):
            super().__init__(timeout=1, allowed_protocols={"data"}, allow_redirects=False)

        def fetch(self, url, headers=None):
            if url in BUNDLED:
                path = BUNDLED[url]
                body = _resolved(path) if path.suffix == ".css" else path.read_bytes()
                return URLFetcherResponse(url, body, {"Content-Type": SUFFIXES[path.suffix]})
            if url.startswith("data:") and len(url) <= LARGEST_DATA:
                return super().fetch(url, headers)
            self.refused += 1
            raise ValueError("refused")

    return PacketFetcher()


def _resolved(path):
    """A style sheet with the tokens replaced by their values, which WeasyPrint looks up for each element."""
    tokens = dict(TOKEN.findall((ASSETS / "css" / "tokens.css").read_text(encoding="utf-8")))
    named = re.compile(rf"var\(({'|'.join(tokens)})\)")
    sheet = path.read_text(encoding="utf-8")
    while named.search(sheet):
        sheet = named.sub(lambda name: tokens[name[1]], sheet)
    return sheet.encode()


BUNDLED = {
    f"asset:{path.relative_to(ASSETS).as_posix()}": path
    for folder in ("css", "fonts")
    for path in (ASSETS / folder).rglob("*")
    if path.suffix in SUFFIXES
}

if __name__ == "__main__":
    sys.exit(main())
