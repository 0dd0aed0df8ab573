"""Doing what a preview says, undoing it, and dropping it."""

from django.contrib import messages
from django.utils.translation import gettext as _

from competencies.core.refusals import NotNow
from competencies.people_import.models import Import, Run
from ladder.jobs.import_runs import ask
from ladder.web.posted_from import posted_from
from ladder.web.views import get_for, respond

from .forms import ApplyForm, DroppingForm
from .previews import PAGE, context_of, imports


@posted_from("import_preview", Import, "people.read_import")
def apply(request, pk):
    """Apply an import as its preview says."""
    people_import = get_for(imports(), request, "people.apply_import", pk)
    form = ApplyForm(people_import.preview, request.POST)
    options = {}
    if form.is_valid():
        options = {
            "skip_refused": form.cleaned_data.get("skip_refused", False),
            "confirmed": form.cleaned_data.get("confirmed"),
        }
        try:
            people_import.preview.check_ready(**options)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return respond(request, PAGE, context_of(request, people_import) | {"apply_form": form}, status=422)
    return _asked(request, people_import, Run.Kind.APPLY, _("The import was applied."), **options)


@posted_from("import_preview", Import, "people.read_import")
def drop_rows(request, pk):
    """Take rows that may be anybody for nobody: whoever is not in the file then leaves in spite of them."""
    people_import = get_for(imports(), request, "people.apply_import", pk)
    known = people_import.preview
    form = DroppingForm(known, people_import.sheet.rows(), request.POST)
    if not form.is_valid():
        return respond(
            request, PAGE, context_of(request, people_import) | {"dropping_form": form}, status=422
        )
    dropped = sorted({*known.mapping.get("dropped", ()), *form.cleaned_data["lines"]})
    mapping = known.mapping | {"dropped": dropped}
    return _asked(request, people_import, Run.Kind.WORK_OUT, "", mapping=mapping)


@posted_from("import_preview", Import, "people.read_import")
def undo(request, pk):
    """Put back what an import changed."""
    people_import = get_for(imports(), request, "people.undo_import", pk)
    return _asked(
        request, people_import, Run.Kind.UNDO, _("The import was undone: everything is as it was before.")
    )


@posted_from("import_preview", Import, "people.read_import")
def drop(request, pk):
    """Remove the rows of a file that is not to be applied."""
    people_import = get_for(imports(), request, "people.drop_import", pk)
    people_import.drop(by=request.user)
    messages.success(
        request,
        _("%(file)s was discarded and its rows were deleted. Nothing was changed.")
        % {"file": people_import.file},
    )
    return respond(request, PAGE, {}, done=("imports",))


def _asked(request, people_import, kind, done, **options):
    run = ask(people_import, kind, by=request.user, **options)
    if run.problem:  # with what the page says of it now: the preview may be a new one
        fresh = get_for(imports(), request, "people.read_import", people_import.pk)
        return respond(request, PAGE, context_of(request, fresh), status=422)
    if run.is_over and done:
        messages.success(request, done)
    return respond(request, PAGE, {}, done=people_import)
