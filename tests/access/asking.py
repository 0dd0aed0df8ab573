"""One request to the product, undone after it, with all that it said and wrote."""

import json
import logging
import re
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

from django.core import mail
from django.core.signals import request_finished
from django.db import close_old_connections, transaction
from django.urls import reverse

from competencies.trail.models import Head

from .actors import clients
from .spying import TEMPORARY, forget_changes_of_tables, harmful, keys, writes

HTMX = {"HX-Request": "true"}
ONE_TIME = re.compile(
    rb'(csrfmiddlewaretoken" value="|once" value="|X-CSRFToken&quot;: &quot;|X-CSRFToken": ")[\w-]+'
)
HERE = re.compile(rb' aria-current="(page|true)"')


@dataclass
class Answer:
    """What came back, and what the request left behind."""

    status: int
    body: bytes
    headers: dict
    kind: str
    written: set
    keys: list
    told: str = ""
    logged: str = ""
    error: str = ""

    def plain(self, address):
        """Return the body without what differs from one request, or one address, to the next."""
        body = ONE_TIME.sub(rb"\1", self.body).replace(f'"{address}"'.encode(), b"ADDRESS")
        return HERE.sub(b"", body)


class Lines(logging.Handler):
    """Keeps every line that is logged."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


class Asker:
    """Asks as anybody of the scene. Counts what it asked and searched, and knows what is told of no row."""

    def __init__(self, scene):
        self.scene = scene
        self.clients = clients(scene)
        self.head = Head.objects.get(pk=1).sequence
        self.asked = self.files = 0
        self.told_of_missing = {}
        self.log = Lines()

    def ask(self, actor, method, address, *, htmx=False, body=None, api=False, files=None):
        """Send one request and undo what it did; return the `Answer`."""
        client = self.clients[actor]
        cookies = client.cookies.copy()
        options = {"headers": HTMX if htmx else {}}
        if method in ("POST", "PUT", "PATCH", "DELETE"):
            if api:
                options |= {"data": json.dumps(body or {}), "content_type": "application/json"}
            else:
                options |= {"data": body or {}}
        mail.outbox, self.log.lines = [], []
        root = logging.getLogger()
        root.addHandler(self.log)
        before, written = transaction.savepoint(), []
        try:
            with writes() as written, keys() as made:
                response = getattr(client, method.lower())(address, **options)
                content = b"".join(response.streaming_content) if response.streaming else response.content
            _close(response)
            session = (
                dict(client.session.items()) if method == "POST" and "sessionid" in client.cookies else {}
            )
            mails = [str(letter.message()) for letter in mail.outbox]
            harm = harmful(written, since=self.head)
        finally:
            transaction.savepoint_rollback(before)
            if TEMPORARY in written:
                forget_changes_of_tables()
            root.removeHandler(self.log)
            client.cookies = cookies
        self.asked += 1
        return Answer(
            response.status_code,
            content,
            dict(response.headers),
            response.headers.get("Content-Type", ""),
            harm,
            made,
            told="\n".join([str(session.get("_messages", "")), *mails]),
            logged="\n".join(self.log.lines),
            error=repr(getattr(response, "exc_info", None) and response.exc_info[1]),
        )

    def texts(self, answer):
        """Yield every text that an answer holds: headers, body, and what is in its files."""
        yield "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        yield answer.told
        if answer.body.startswith(b"%PDF"):
            self.files += 1
            yield from _of_pdf(answer.body)
        elif answer.body.startswith(b"PK\x03\x04"):
            with ZipFile(BytesIO(answer.body)) as bundle:
                for name in bundle.namelist():
                    self.files += 1
                    content = bundle.read(name)
                    yield name
                    yield from (
                        _of_pdf(content)
                        if content.startswith(b"%PDF")
                        else [content.decode(errors="replace")]
                    )
        else:
            yield answer.body.decode(errors="replace")


def _close(response):
    """End a response as the test client does: without the connection, in whose transaction all is asked."""
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)


_read = {}


def _of_pdf(content):
    """Return the texts of a document: pages, what it says of itself, and what is attached. Read once each."""
    from pypdf import PdfReader

    if (key := hash(content)) not in _read:
        reader = PdfReader(BytesIO(content))
        pages = "".join("".join(page.extract_text().split()) for page in reader.pages)
        attached = [data.decode(errors="replace") for files in reader.attachments.values() for data in files]
        _read[key] = [pages, str(reader.metadata), *attached]
    return _read[key]


def address_of(name, args):
    """Return the address of a route."""
    return "/api/nowhere/" if name == "api-missing" else reverse(name, args=args)
