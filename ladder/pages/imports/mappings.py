"""What the columns of an uploaded file mean."""

from django.views.decorators.http import require_http_methods

from competencies.people.models import Import, Run
from ladder.web import answer, find

from .forms import MappingForm
from .imports import crumbs
from .runs import ask

PAGE = "imports/mapping.html"


@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request, pk):
    """Say what each column means, and ask for the preview."""
    made = find(Import.objects.select_related("sheet", "preview"), request, "people.map_import", pk)
    known = getattr(made, "preview", None)
    form = MappingForm(
        made.sheet, known and known.mapping, data=request.POST if request.method == "POST" else None
    )
    context = {"made": made, "form": form, "crumbs": crumbs(made.file)}
    if request.method != "POST":
        return answer(request, PAGE, context)
    if not form.is_valid():
        return answer(request, PAGE, context, status=422)
    ask(made, Run.Kind.WORK_OUT, by=request.user, mapping=form.mapping)
    return answer(request, PAGE, context, done=made)
