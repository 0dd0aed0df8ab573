"""An export of packets as one ZIP, put together while it is sent, and as lists for spreadsheets.

Nothing of it rests on the disk. Each packet is asked for, and noted on the trail, just before it leaves.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from zipstream import ZIP_STORED, ZipStream

from competencies.core.clock import day_of, now
from competencies.packets.models import Packet
from competencies.packets.models.export import ExportItem, PacketExport
from competencies.people.models import Person
from competencies.promotions.models import PromotionCase
from ladder.jobs.packet_documents import body_of

FORMAT = 1
AT_ONCE = 20  # packets asked for and noted together
GLANCE, LONGEST_SILENCE, LONGEST = 0.5, 30, 300  # seconds that a download waits for packets being made
NAMELESS = "masked"
COLUMNS = (
    _("Packet"), _("Person"), _("From"), _("To"), _("Case"), _("Outcome"), _("Proposed on"), _("Decided on"),
    _("Revisit on"), _("Document"), _("Created on"), _("Pages"), _("Bytes"), _("SHA-256 of the PDF"),
    _("SHA-256 of the content"), _("Error"),
)  # fmt: skip
_follower = threading.Semaphore()


class Archive:
    """The ZIP of an export, for one reader. Iterating gives its bytes, once."""

    def __init__(self, export: PacketExport, *, reader: Person) -> None:
        self.export, self.reader = export, reader
        self.sent: set[int] = set()
        self.files: list[dict[str, Any]] = []
        self.reasons: dict[int, str] = {}
        self.zip = ZipStream(compress_type=ZIP_STORED)

    @property
    def name(self) -> str:
        return f"packets-{self.export.pk}-{day_of(self.export.at):%Y-%m-%d}.zip"

    def __iter__(self) -> Iterator[bytes]:
        """Yield what is ready, then what becomes ready while it is sent, then what it all is.

        One download in each process follows an export that is being made; a second takes what there is.
        """
        yield from self._everything_ready()
        if _follower.acquire(blocking=False):
            try:
                yield from self._following()
            finally:
                _follower.release()
        yield from self._closing()

    def _following(self) -> Iterator[bytes]:
        """Wait for what is being made, in bounds: a thread of the server waits with it."""
        begun = heard = time.monotonic()
        while self._is_running() and time.monotonic() < min(begun + LONGEST, heard + LONGEST_SILENCE):
            time.sleep(GLANCE)
            before = len(self.sent)
            yield from self._everything_ready()
            if len(self.sent) > before:
                heard = time.monotonic()
        yield from self._everything_ready()

    def _is_running(self) -> bool:
        running = PacketExport.objects.running().filter(pk=self.export.pk)
        return running.exists() and self.export.items.to_make().exists()

    def _everything_ready(self) -> Iterator[bytes]:
        while batch := self._next():
            self.export.note_download([item for item, _body in batch], by=self.reader)
            for item, body in batch:
                yield from self._member(self._file_name(item), body, item)

    def _next(self) -> list[tuple[ExportItem, bytes]]:
        """Return the next few items that the reader may have, each with the bytes of its document."""
        found: list[tuple[ExportItem, bytes]] = []
        while len(found) < AT_ONCE:
            done = self.export.items.done().exclude(packet__document=None).values_list("pk", flat=True)
            pks = [pk for pk in done if pk not in self.sent][: AT_ONCE - len(found)]
            if not pks:
                break
            self.sent.update(pks)
            items = self.export.items.filter(pk__in=pks, packet__in=self._readable()).with_all()
            found += [(item, body) for item in items if (body := self._body_of(item)) is not None]
        return found

    def _body_of(self, item: ExportItem) -> bytes | None:
        if item.packet is None:
            return None
        body, self.reasons[item.pk] = body_of(item.packet)
        return body

    def _readable(self) -> QuerySet[Packet, Any]:
        return Packet.objects.allowing(self.reader, "packets.read_packet").values("pk")

    def _member(self, name: str, body: bytes, item: ExportItem | None = None) -> Iterator[bytes]:
        details: dict[str, Any] = {
            "name": name,
            "sha256": hashlib.sha256(body).hexdigest(),
            "bytes": len(body),
        }
        if item and item.packet:
            details |= {"outcome": "exported", "pages": item.packet.document.pages, **self._details(item)}
        self.files.append(details)
        self.zip.add(body, name)
        yield from self.zip.all_files()

    def _closing(self) -> Iterator[bytes]:
        manifest = {
            "format": FORMAT,
            "export": {
                "number": self.export.pk,
                "variant": self.export.variant,
                "ordered_at": f"{self.export.at:%Y-%m-%dT%H:%M:%SZ}",
                "made_at": f"{now():%Y-%m-%dT%H:%M:%SZ}",
            },
            "files": list(self.files),
            "not_in_this_file": self._missing(),
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        yield from self._member("manifest.json", text.encode())
        sums = "".join(f"{file['sha256']}  {file['name']}\n" for file in self.files)
        self.zip.add(sums, "SHA256SUMS")
        yield from self.zip.finalize()

    def _missing(self) -> list[dict[str, Any]]:
        """Return each item that is not in the file, with what became of it, as far as the reader may know."""
        there = {file["item"] for file in self.files if "item" in file}
        cases = PromotionCase.objects.allowing(self.reader, "promotions.read_case").values("pk")
        readable = set(self._readable().filter(export_items__export=self.export).values_list("pk", flat=True))
        items = self.export.items.filter(case__in=cases).with_all()
        return [
            {
                "outcome": _outcome_of(item),
                "reason": item.job.failure or self.reasons.get(item.pk, ""),
                **self._details(item, with_digest=item.packet_id in readable),
            }
            for item in items
            if item.pk not in there
        ]

    def _details(self, item: ExportItem, *, with_digest: bool = True) -> dict[str, Any]:
        packet = item.packet
        details: dict[str, Any] = {"item": item.pk}
        if packet:
            details |= {"packet": packet.number}
        if packet and with_digest:
            details |= {"content_sha256": packet.computed_digest()}
        return details if self.export.variant == NAMELESS else details | {"person": item.case.subject.name}

    def _file_name(self, item: ExportItem) -> str:
        """Return a name that every file system takes: by the number, which is unique, and readable.

        A masked packet is named by its number alone.
        """
        name = "" if self.export.variant == NAMELESS else slugify(item.case.subject.name, allow_unicode=True)
        number = item.packet.number if item.packet else ""
        return f"packets/{'-'.join(filter(None, [number, name[:80]]))}.pdf"


def _outcome_of(item: ExportItem) -> str:
    if item.job.failure:
        return "failed"
    return "not there" if item.made_at else "not made"


def rows_of(export: PacketExport, *, reader: Person) -> Iterator[list[Any]]:
    """Yield a row of `COLUMNS` for each item whose case `reader` may read, in plain values. One query."""
    cases = PromotionCase.objects.allowing(reader, "promotions.read_case").values("pk")
    readable = set(
        Packet.objects.allowing(reader, "packets.read_packet")
        .filter(export_items__export=export)
        .values_list("pk", flat=True)
    )
    for item in export.items.filter(case__in=cases).with_all():
        yield _row(item, item.packet if item.packet_id in readable else None)


def _row(item: ExportItem, packet: Packet | None) -> list[Any]:
    case = item.case
    decision = getattr(case, "decision", None)
    document = packet and getattr(packet, "document", None)
    return [
        packet.number if packet else "",
        case.subject.name,
        case.from_level.title,
        case.to_level.title,
        case.state,
        str(decision.get_outcome_display()) if decision else "",
        _day(day_of(case.proposal.at)),
        _day(decision and day_of(decision.at)),
        _day(decision and decision.look_again_on),
        item.state,
        _day(item.made_at and day_of(item.made_at)),
        document.pages if document else "",
        document.size if document else "",
        document.sha256 if document else "",
        packet.computed_digest() if packet else "",
        item.job.failure,
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def columns() -> list[str]:
    """Return the heads of a list, in words."""
    return [str(name) for name in COLUMNS]
