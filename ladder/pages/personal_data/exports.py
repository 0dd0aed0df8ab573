"""A copy of a record: ordered, made by the worker, taken by who ordered it."""

from contextlib import suppress

from django.http import FileResponse, Http404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from competencies.core.refusals import NotNow
from competencies.people.models import Person
from competencies.personal_data.models import Export
from ladder.jobs import record_exports
from ladder.web.posted_from import posted_from
from ladder.web.views import get_for, respond

FRAGMENT = "personal_data/_export.html"


@posted_from("record_of", Person, "records.order_export")
def order(request, pk):
    """Order a copy of a record, one's own or as HR; one that is being made already stands for it."""
    person = get_for(Person, request, "records.order_export", pk)
    with suppress(NotNow):
        record_exports.order(person, by=request.user)
    return respond(request, FRAGMENT, {}, done=("record_of", person.pk))


@require_safe
def show(request, pk):
    """How far a copy has come: for htmx, that asks again while it is made. Others get the page it is on."""
    export = get_for(Export.objects.select_related("job"), request, "records.read_export", pk)
    context = {"export": export}
    return respond(request, FRAGMENT, context, fragment=FRAGMENT, done=("record_of", export.person_id))


@require_safe
def download(request, pk):
    """The ZIP, for who ordered it and for a day; the trail says that it was taken."""
    export = get_for(Export.objects.select_related("person", "job"), request, "records.download_export", pk)
    path = record_exports.file_of(export)
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
