"""Whether something was kept whose answer was lost on the way."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ladder.web.commit_outcomes import is_kept
from ladder.web.outage_pages import OUTCOME, Sent, page
from ladder.web.request import Request


@login_not_required
@never_cache
@require_POST
def outcome(request: Request) -> HttpResponse:
    """Look whether it was kept, and say which: with the form filled in again where it was not."""
    kept = is_kept(request.POST.get(OUTCOME, ""))
    if request.headers.get("HX-Request"):
        return JsonResponse({"kept": kept})
    return page(request, Sent.by(request), kept=kept)
