"""The child: reads one request per line, typesets it, answers one line. Knows no Django and no secrets."""

import gc
import hashlib
import json
import os
import re
import resource
import signal
import sys
import time
import zlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

from defusedxml import DefusedXmlException, ElementTree

from .pdfa_metadata import with_reading_aloud

MEMORY = 1 << 30  # bytes of address space
LARGEST_FILE = 64 << 20
ASSETS = Path(__file__).resolve().parent.parent / "static" / "ladder"
SUFFIXES = {".css": "text/css", ".woff2": "font/woff2"}
LARGEST_DATA = 2_000_000  # characters of a data: address
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
    """WeasyPrint with its fonts and stylesheet, read once and kept."""

    def __init__(self):
        import logging

        import pydyf
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        for name in (
            "weasyprint",
            "weasyprint.progress",
            "fontTools",
        ):  # their lines would quote people's text
            logging.getLogger(name).handlers = [logging.NullHandler()]
            logging.getLogger(name).propagate = False

        _leave_out_notes(weasyprint)
        _read_quickly(weasyprint)
        _compress_quickly(pydyf)
        self.unknown = _unknown_letters(logging)
        self.weasyprint = weasyprint
        self.fetcher = _fetcher(weasyprint)
        self.finishers = {kept: _finisher(pydyf, kept=kept) for kept in (False, True)}
        self.document = None
        self.fonts = FontConfiguration()
        self.stylesheet = weasyprint.CSS(
            url="asset:css/packet/print.css", url_fetcher=self.fetcher, font_config=self.fonts
        )
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
                finisher=self.finishers[request["form"].startswith("pdf/a")],
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
        return html.render(
            font_config=self.fonts,
            stylesheets=[self.stylesheet],
            pdf_variant=request["form"],
            presentational_hints=request["numbered"],
        )

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


def _read_quickly(weasyprint):
    """Let markup that is well-formed be read by the parser for XML, in a sixtieth of the time.

    The tree is the same; whatever is not well-formed is read as any browser would.
    """
    slowly = weasyprint.tinyhtml5.parse

    def read(source, **options):
        text = source if isinstance(source, str) else source.read()
        try:
            return ElementTree.fromstring(re.sub(r"<(br|hr)>", r"<\1/>", text).replace("&nbsp;", "\u00a0"))
        except (ElementTree.ParseError, DefusedXmlException):
            return slowly(text, **options)

    weasyprint.tinyhtml5 = SimpleNamespace(**vars(weasyprint.tinyhtml5) | {"parse": read})


def _compress_quickly(pydyf):
    """Compress at zlib's own level: a third of the time of the highest, for files larger by a fortieth."""
    pydyf.zlib = SimpleNamespace(**vars(zlib) | {"compressobj": lambda level: zlib.compressobj()})


def _finisher(pydyf, *, kept):
    """The last hand on the objects of a PDF, before they are written; `kept` says that it is PDF/A.

    Metadata stay plain bytes, so that a packet that was altered can still be told by its code. The library
    names each associated file twice; once is what the standard asks for. It claims one standard of each
    file, and what it makes of PDF/A-3a is PDF/UA-1 as well. It also asks each object twice for its bytes,
    to write and to number them, so they are made here, once.
    """

    class Made(pydyf.Object):
        data = compressible = None

        def __init__(self, item):
            super().__init__()
            self.number, self.generation, self.free = item.number, item.generation, item.free
            self.data, self.compressible = item.data, item.compressible

    def finish(document, pdf):
        if "AF" in pdf.catalog:
            pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
        for item in pdf.objects:
            if isinstance(item, dict) and item.get("Type") == "/Filespec":
                item.setdefault("AFRelationship", "/Source")
            extra = getattr(item, "extra", None) or {}
            if extra.get("Type") == "/Metadata":
                item.compress = False
                if kept:
                    item.stream[0] = with_reading_aloud(item.stream[0])
        pdf.objects[:] = [item if item.free == "f" else Made(item) for item in pdf.objects]

    return finish


def _leave_out_notes(weasyprint):
    """Drop WeasyPrint's rules for marks of any element: six styles for each, of notes that no packet has."""
    matcher = weasyprint.html.UA_STYLESHEET.matcher
    matcher.other_selectors = [entry for entry in matcher.other_selectors if entry[3] is None]


def _unknown_letters(logging):
    """The letters that no face here can draw, as the library warns of them while it draws."""
    unknown = set()

    class Listener(logging.Handler):
        def emit(self, line):
            if line.msg.startswith(".notdef") and not line.args[0].isspace():
                unknown.add(line.args[0])

    logger = logging.getLogger("weasyprint")
    logger.handlers, logger.level = [Listener()], logging.WARNING
    return unknown


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
