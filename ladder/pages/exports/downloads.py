"""An export as files: all its packets in one ZIP, and the list of them for spreadsheets."""

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ladder.jobs import packet_archives
from ladder.web import csv_files, spreadsheets
from ladder.web.request import Request
from ladder.web.views import get_for

from .exports import exports_with_state

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def as_zip(request: Request, pk: int) -> HttpResponse:
    """Send what is ready, and what becomes ready while it is sent."""
    export = _taken(request, pk, "zip")
    archive = packet_archives.Archive(export, reader=request.user)
    return _named(StreamingHttpResponse(iter(archive), content_type="application/zip"), archive.name)


@require_GET
def as_csv(request: Request, pk: int) -> HttpResponse:
    export = _taken(request, pk, "csv")
    lines = csv_files.as_csv(packet_archives.columns(), packet_archives.rows_of(export, reader=request.user))
    return _named(StreamingHttpResponse(lines, content_type=CSV), f"packets-{export.pk}.csv")


@require_GET
def as_xlsx(request: Request, pk: int) -> HttpResponse:
    export = _taken(request, pk, "xlsx")
    book = spreadsheets.as_xlsx(
        _("Packets"), packet_archives.columns(), packet_archives.rows_of(export, reader=request.user)
    )
    return _named(HttpResponse(book, content_type=XLSX), f"packets-{export.pk}.xlsx")


def _taken(request: Request, pk, file):
    export = get_for(exports_with_state(), request, "packets.download_export", pk)
    export.note_taking(by=request.user, file=file)
    return export


def _named(response, name):
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
