"""One import: what it would do row by row, how far it is, what it did."""

import csv
import io
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe
from django_htmx.http import HttpResponseClientRefresh

from competencies.core.clock import now
from competencies.people_import.cells import FORMULA
from competencies.people_import.columns import COLUMNS
from competencies.people_import.models import Finding, Import
from competencies.people_import.plan import REFUSED
from ladder.jobs.import_runs import progress
from ladder.web.views import get_for, query, respond

from .forms import ApplyForm, DroppingForm
from .imports import crumbs

PAGE, PROGRESS = "imports/import.html", "imports/_progress.html"
FINDINGS_A_PAGE = 50
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def preview(request, pk):
    """Show an import. While it is at work, htmx asks for the progress alone."""
    people_import = get_for(imports(), request, "people.read_import", pk)
    context = context_of(request, people_import)
    if request.htmx and not request.htmx.history_restore_request and not context["run"]:
        return HttpResponseClientRefresh()  # it is over: the page has more to say than the progress
    return respond(request, PAGE, context, fragment=PROGRESS)


def imports():
    return Import.objects.with_state()


def context_of(request, people_import):
    """Return what the page says of an import: what it found, or how far it is."""
    last = people_import.runs.select_related("job").first()
    run = None if last is None or last.is_over else last
    context = {
        "people_import": people_import,
        "crumbs": crumbs(people_import.file),
        "run": run,
        "problem": last.problem if last and not run else "",
        "may_undo": people_import.state == "applied" and now() < people_import.undoable_until,
        "moved": people_import.state == "applied" and people_import.moved(request.user),
    }
    if run:
        context |= progress(run)
    elif known := getattr(people_import, "preview", None):
        context |= findings(request, known) | {"apply_form": ApplyForm(known)}
        if (
            known.counts.get("unread")
            and getattr(people_import, "sheet", None)
            and people_import.state == "previewed"
        ):
            context["dropping_form"] = DroppingForm(known, people_import.sheet.rows())
    return context


def findings(request, known):
    """Return the rows that a preview shows: those of one verdict, the refused ones at first."""
    kinds = {kind: known.counts[kind] for kind in Finding.Kind.values}
    chosen = request.GET.get("kind", REFUSED if kinds[REFUSED] else "")
    rows = known.findings.select_related("person")
    if chosen in kinds:
        rows = rows.filter(kind=chosen)
    page = Paginator(rows, FINDINGS_A_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"label": _label(kind), "url": f"?kind={kind}", "count": count, "current": kind == chosen}
        for kind, count in kinds.items()
    ]
    everything = {
        "label": _("All"),
        "url": "?kind=all",
        "count": sum(kinds.values()),
        "current": chosen not in kinds,
    }
    for finding in page:
        finding.label = _label(finding.kind)
        finding.shown_changes = [
            (COLUMNS[key].label, _shown(key, before), _shown(key, after))
            for key, before, after in finding.changes
        ]
    return {
        "preview": known,
        "page": page,
        "tabs": [*tabs, everything],
        "query": query(request),
    }


def _label(kind):
    """Return what a kind is called on the page; its name in the database and its migrations stays."""
    return _("Rejected") if kind == REFUSED else Finding.Kind(kind).label


def _shown(key, value):
    return date_format(date.fromisoformat(value), "j M Y") if value and COLUMNS[key].is_day else value


@require_GET
def refused(request, pk):
    """Send the refused rows as a file, each with the reasons, to be mended and uploaded again."""
    people_import = get_for(imports(), request, "people.read_import", pk)
    if getattr(people_import, "preview", None) is None or getattr(people_import, "sheet", None) is None:
        raise Http404("its rows are gone")
    people_import.note_download(by=request.user)
    name = slugify(people_import.file)[:60] or people_import.pk
    return HttpResponse(
        "\ufeff" + _as_csv(people_import),  # or Excel takes it for Latin-1
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="refused-{name}.csv"'},
    )


def _as_csv(people_import):
    rows = {row[0]: row[1:] for row in people_import.sheet.rows()}
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*map(harmless, people_import.sheet.headings), _("Line"), _("Reason for rejection")])
    for line, reasons in people_import.preview.findings.filter(kind=REFUSED).values_list("line", "reasons"):
        cells = ["#N/A" if cell is FORMULA else harmless(cell) for cell in rows.get(line, ())]
        writer.writerow([*cells, line, harmless(" ".join(reasons))])
    return file.getvalue()


def harmless(text):
    """Return a text that no spreadsheet takes for a formula, and that is read as it was."""
    return f"'{text}" if text.lstrip("'").startswith(DANGEROUS) else text
