"""Copies of records on their way to a file, and files that have to go.

The one place that pages call. The rows say what is true; the queue only wakes a worker, and what a
killed one left undone is found again by the next.
"""

import hashlib
import json
import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.permissions import demand
from competencies.jobs.models import Job
from competencies.packets.models import Document
from competencies.people.models import Person
from competencies.personal_data import erasure as erasing
from competencies.personal_data.models import Erasure, Export, Leftover
from competencies.personal_data.record_copy import gather, packets_of
from competencies.personal_data.vacuum import Busy, scrub
from ladder.jobs.packet_documents import body_of
from ladder.jobs.performing import perform, performs
from ladder.jobs.queue import task

DAY = timedelta(days=1)
FOLDERS: dict[str, str] = {
    Leftover.Kind.PACKET: "PACKET_DIR",
    Leftover.Kind.EXPORT: "EXPORT_DIR",
    Leftover.Kind.MAIL: "EMAIL_FILE_PATH",
}


@transaction.atomic
def order(person: Person, *, by: Person) -> Export:
    """Ask for a copy of the record of `person`; return the `Export`. Refuses as `Export.order` does."""
    export = Export.order(person, by=by)
    perform.enqueue(export.job_id)
    return export


@transaction.atomic
def erase(person: Person, *, by: Person) -> Erasure:
    """Erase `person` and have removed what lies outside the tables; return the `Erasure`.

    Refuses as `erasing.erase` does.
    """
    erasure = erasing.erase(person, by=by)
    clear_away.enqueue()
    return erasure


@performs(
    Job.Kind.RECORD_COPY,
    row_of=lambda job: Export.objects.select_related("person", "job__by").get(job=job),
    denied=_("The person who requested this copy may no longer have it."),
    unstored=_("The copy could not be stored (%(because)s)."),
)
def build(export: Export, token: str) -> None:
    """Build the file of a copy, gathered as its orderer and given only to whom it is still due when done."""
    clear_away.call()
    demand(export.by, "records.read_export", export)
    name = f"{uuid4().hex}.zip"
    path = Path(settings.EXPORT_DIR) / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_copy(export, path)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        export.finish(token, name, sha256=sha256, size=path.stat().st_size)
    except BaseException:  # nobody is to have it: it must not lie about
        with suppress(OSError):
            path.unlink()
        raise
    if clear_away.get_backend().supports_defer:
        clear_away.using(run_after=export.expires_at).enqueue()


@task()
def clear_away() -> None:
    """Remove the files of copies that have expired, and what erasures left outside the tables.

    What is removed already is done; what cannot be removed now is tried again at the next occasion.
    """
    Export.expire(Export.objects.expired())
    _remove_orphans()
    _remove_unknown_documents()
    for leftover in Leftover.objects.all():
        with suppress(OSError, Busy):
            _remove(leftover)
            leftover.delete()


def _remove_orphans() -> None:
    """Remove the files of copies that a killed worker began and no row knows of."""
    known = set(Export.objects.exclude(file="").values_list("file", flat=True))
    for path in Path(settings.EXPORT_DIR).glob("*.zip"):
        with suppress(OSError):
            if path.name not in known and path.stat().st_mtime < (now() - Export.PATIENCE).timestamp():
                path.unlink()


def _remove_unknown_documents() -> None:
    """Remove what a killed worker left beside the documents: parts, and a document that no packet has."""
    folder, yesterday = Path(settings.PACKET_DIR), (now() - DAY).timestamp()
    known = set(Document.objects.values_list("file", flat=True))
    for path in [*folder.glob("*.part"), *folder.glob(".*.part"), *folder.glob("*.pdf")]:
        with suppress(OSError):
            if path.name not in known and path.stat().st_mtime < yesterday:
                path.unlink()


def _remove(leftover: Leftover) -> None:
    if leftover.kind == Leftover.Kind.PAGES:
        scrub()
    else:
        folder = Path(getattr(settings, FOLDERS[leftover.kind]))
        (folder / leftover.name).unlink(missing_ok=True)


def file_of(export: Export) -> Path | None:
    """Return the path of a copy, or None when it is not there (yet, or any more)."""
    path = Path(settings.EXPORT_DIR) / export.file
    return path if export.state == "ready" and path.is_file() else None


def write_copy(export: Export, path: Path) -> None:
    """Write the ZIP of `export` to `path`: the record, its packets, a page to read it, and what is in it.

    The same record at the same instant gives the same bytes.
    """
    person = export.person
    record = gather(person, by=export.by, at=export.at)
    parts, missing = {}, []
    for packet in packets_of(person, by=export.by):
        body, why = body_of(packet)
        if body is None:
            missing.append({"packet": packet.number, "because": why})
        else:
            parts[f"packets/{_safe(packet.number)}.pdf"] = body
    record["missing_documents"] = missing
    parts["record.json"] = _json(record)
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "record": record,
            "export": export,
            "documents": sorted(name for name in parts if "/" in name),
        }
        parts["README.txt"] = render_to_string("personal_data/copy/readme.txt", context).encode()
        parts["index.html"] = render_to_string("personal_data/copy/index.html", context).encode()
    parts["record.css"] = render_to_string("personal_data/copy/record.css").encode()
    parts["manifest.json"] = _json({name: _listing(body) for name, body in sorted(parts.items())})
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts):
            info = ZipInfo(name, export.at.timetuple()[:6])
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
            archive.writestr(info, parts[name])


def _listing(body: bytes) -> dict[str, str | int]:
    return {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]", "-", name)
