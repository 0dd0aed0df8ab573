from django.views.decorators.http import require_safe

from ladder.web.views import answer, find

from .context import PAGE, hearings_for, show


@require_safe
def show_hearing(request, pk):
    """A hearing: for those who answer the case, and for HR."""
    hearing = find(hearings_for, request, "promotions.read_hearing", pk)
    return answer(request, PAGE, show(request, hearing))
