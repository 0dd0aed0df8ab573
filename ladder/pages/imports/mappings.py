"""How an uploaded file is read, and what its columns mean."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import NotNow
from competencies.people_import.models import Import, Run
from competencies.people_import.parser import BadTable
from ladder.jobs.import_runs import ask
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .forms import MappingForm, ReadingForm
from .imports import crumbs

PAGE = "imports/mapping.html"


@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: Request, pk: int) -> HttpResponse:
    """Take what each column means, and ask for the preview."""
    people_import = get_for(imports(), request, "people.map_import", pk)
    form = _form(people_import, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return respond(request, PAGE, _context(people_import, form))
    if not form.is_valid():
        return respond(request, PAGE, _context(people_import, form), status=422)
    ask(people_import, Run.Kind.WORK_OUT, by=request.user, mapping=form.mapping)
    return respond(request, PAGE, {}, done=people_import)


@posted_from("import_mapping", Import, "people.map_import")
def reading(request: Request, pk: int) -> HttpResponse:
    """Read the file another way: another sheet, encoding, delimiter or row of headings."""
    people_import = get_for(imports(), request, "people.map_import", pk)
    form = ReadingForm(people_import, request.POST)
    if form.is_valid():
        try:
            people_import.reread(form.how, by=request.user)
        except BadTable as refusal:
            for fault in refusal.faults:
                form.add_error(None, str(fault))
        except NotNow as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        context = _context(people_import, _form(people_import), reading_form=form)
        return respond(request, PAGE, context, status=422)
    return respond(request, PAGE, {}, done=("import_mapping", people_import.pk))


def imports():
    return Import.objects.select_related("sheet", "preview")


def _form(people_import, data=None):
    known = getattr(people_import, "preview", None)
    return MappingForm(people_import.sheet, known and known.mapping, data=data)


def _context(people_import, form, reading_form=None):
    return {
        "people_import": people_import,
        "form": form,
        "reading_form": reading_form or ReadingForm(people_import),
        "unsure": people_import.read_as.get("unsure", ()),
        "crumbs": crumbs(people_import.file),
    }
