from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import PAGE, hearings_for, show


@require_safe
def show_hearing(request: Request, pk: int) -> HttpResponse:
    """A hearing: for those who answer the case, and for HR."""
    hearing = get_for(hearings_for, request, "promotions.read_hearing", pk)
    return respond(request, PAGE, show(request, hearing))
