from django.http import HttpResponse

from competencies.promotions.models import Hearing
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import PAGE, hearings_for, show
from .forms import RemarkForm


@posted_from("hearing", Hearing, "promotions.read_hearing")
def remark(request: Request, pk: int) -> HttpResponse:
    """Add a note to the discussion."""
    hearing = get_for(hearings_for, request, "promotions.discuss_hearing", pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        hearing.remark(form.cleaned_data["text"], by=request.user)
        context = {
            "hearing": hearing,
            "remarks": hearing.remarks.select_related("by"),
            "remark_form": RemarkForm(),
        }
        done = f"{hearing.get_absolute_url()}#discussion"
        return respond(request, PAGE, context, fragment="committees/_discussion.html", done=done)
    context = show(request, hearing, remark_form=form)
    return respond(request, PAGE, context, fragment="committees/_discussion.html", status=422)
