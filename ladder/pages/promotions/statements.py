from django.http import Http404, HttpResponse

from competencies.promotions.models import PromotionCase
from ladder.web.autosave import keep
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for

from .context import cases_for, kept, save_status_of, show
from .forms import StatementForm


@posted_from("case", PromotionCase, "promotions.read_case")
def write_statement(request: Request, pk: int, kind) -> HttpResponse:
    """Keep one of the texts of a draft."""
    case = get_for(cases_for, request, "promotions.write_case", pk)
    statements = case.statements.allowing(request.user, "promotions.write_statement")
    statement = statements.select_related("case").filter(kind=kind).first()
    if statement is None:
        raise Http404("no such statement")

    def write(version, text):
        return statement.write(text, by=request.user, version=version)

    def whole():
        context = show(request, case)
        context["statements"][kind] |= {"text": request.POST.get("text", ""), "save_status": save_status}
        return context

    form = StatementForm(request.POST, label=statement.get_kind_display())
    save_status = keep(save_status_of(statement), form, write)
    previews = {save_status.key: form.cleaned_data["text"]} if save_status.status == 200 else {}
    return kept(request, case, save_status, whole, previews=previews)
