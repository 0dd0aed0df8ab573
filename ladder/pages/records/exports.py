"""A copy of a record: ordered, made by the worker, taken by who ordered it."""

from contextlib import suppress

from django.http import FileResponse, Http404
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from competencies.core.refusals import NotNow
from competencies.people.models import Person
from competencies.personal_data.models import Export
from ladder import exporting
from ladder.web import answer, find

FRAGMENT = "records/_export.html"


@require_POST
def order(request, pk):
    """Order a copy of a record, one's own or as HR; one that is being made already stands for it."""
    person = find(Person, request, "records.order_export", pk)
    with suppress(NotNow):
        exporting.order(person, by=request.user)
    return answer(request, FRAGMENT, {}, done=("record_of", person.pk))


@require_safe
def show(request, pk):
    """How far a copy has come: for htmx, that asks again while it is made. Others get the page it is on."""
    export = find(Export, request, "records.read_export", pk)
    context = {"export": export}
    return answer(request, FRAGMENT, context, fragment=FRAGMENT, done=("record_of", export.person_id))


@require_safe
def download(request, pk):
    """The ZIP, for who ordered it and for a day; the trail says that it was taken."""
    export = find(Export.objects.select_related("person"), request, "records.download_export", pk)
    path = exporting.file_of(export)
    if path is None:
        raise Http404("no copy")
    if request.method == "GET":
        export.note_download(by=request.user)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=file_name(export), content_type="application/zip"
    )


def file_name(export):
    """Return a name that every file system takes: whose record, and of which day."""
    return f"record-{slugify(export.person.name) or export.person_id}-{export.at:%Y-%m-%d}.zip"
