"""Entries of the trail as a file; the auditor's can be checked against the chain, by the digests in it."""

import json
from datetime import UTC

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from competencies.core.clock import today
from competencies.people.models import Organisation
from competencies.trail.models import Head, canonical, record
from competencies.trail.visibility import details_for_others
from ladder.web import csv_files
from ladder.web.request import Request
from ladder.web.views import require

from .entries import reads_chain, search

MOST = 200_000
COLUMNS = {
    "id": "public_id",
    "time": "at",
    "action": "action",
    "actor": "actor_id",
    "actor_name": "actor__name",
    "about": "about_id",
    "about_name": "about__name",
    "model": "row_model",
    "pk": "row_pk",
    "data": "data",
}
CHAINED = {"number": "sequence"} | COLUMNS | {"salt": "salt", "previous": "previous", "digest": "digest"}


@require_GET
def as_csv(request: Request) -> HttpResponse:
    return _export(request, "csv", "text/csv; charset=utf-8", _csv)


@require_GET
def as_json_lines(request: Request) -> HttpResponse:
    return _export(request, "jsonl", "application/jsonl; charset=utf-8", _json_lines)


def _export(request: Request, form_of_file, content_type, written):
    """Answer with the entries that the visitor searched for, oldest first, and record that they took them.

    More than a file holds is refused, not cut: who checks a file must not miss what is not in it.
    """
    require(request, "people.read_trail", Organisation.here())
    form, entries = search(request)
    if form.is_bound and not form.is_valid():
        return redirect(_back(request))
    if entries.newest()[MOST : MOST + 1].exists():
        messages.error(request, _("A file can contain at most 200,000 entries. Choose fewer days."))
        return redirect(_back(request))
    head = Head.here()
    _note(request.user, form, head, form_of_file)
    rows = entries.filter(sequence__lte=head.sequence).order_by("at", "sequence")
    whole = reads_chain(request.user)
    lines = written(_values(rows, whole=whole), head if whole else None)
    response = StreamingHttpResponse(lines, content_type=content_type)
    name = f"{head.sequence}-{head.digest[:16]}" if whole else f"{today():%Y-%m-%d}"
    response.headers["Content-Disposition"] = f'attachment; filename="trail-{name}.{form_of_file}"'
    if whole:
        response.headers["Trail-Head"] = str(head)
    return response


def _back(request: Request):
    return f"{reverse('trail')}?{request.GET.urlencode()}"


def _note(person, form, head, form_of_file):
    """Record the export with what was asked for, by ids; it is about somebody when it is of them alone."""
    criteria = {name: value for name, value in form.criteria.items() if value} if form.is_bound else {}
    about = criteria.get("about") or []
    asked = {
        name: [getattr(one, "pk", one) for one in value] if isinstance(value, list | tuple) else str(value)
        for name, value in criteria.items()
    }
    alone = about[0] if len(about) == 1 else None
    record("trail.exported", head, by=person, about=alone, file=form_of_file, head=str(head), asked=asked)


def _values(rows, *, whole):
    """Yield each entry as a dict of plain values, as the auditor reads it (`whole`) or as others do."""
    columns = CHAINED if whole else COLUMNS
    for values in rows.values_list(*columns.values()).iterator(chunk_size=2000):
        row = dict(zip(columns, values, strict=True))
        row["id"] = str(row["id"])
        row["time"] = row["time"].astimezone(UTC).isoformat(timespec="microseconds")
        if not whole:
            row["data"] = canonical(details_for_others(row["action"], json.loads(row["data"])))
        yield row


def _json_lines(rows, head):
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"
    if head:
        yield json.dumps({"head": {"number": head.sequence, "digest": head.digest}}) + "\n"


def _csv(rows, head):
    return csv_files.as_csv(CHAINED if head else COLUMNS, (row.values() for row in rows))
