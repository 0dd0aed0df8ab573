"""Erasing a leaver: what would go, the name typed, and what went."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import NotNow
from competencies.personal_data.erasure import forecast
from competencies.personal_data.models import Hold
from ladder.jobs import record_exports
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .forms import ErasureForm
from .records import crumbs, people

PAGE = "personal_data/erasure.html"


@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: Request, pk: int) -> HttpResponse:
    """Show what would go; on a POST with the name typed, erase."""
    person = get_for(people(request), request, "records.erase_person", pk)
    form = ErasureForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            record_exports.erase(person, by=request.user)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Record erased."))
            return redirect("record_of", person.pk)
    context = {
        "person": person,
        "form": form,
        "goes": forecast(person),
        "holds": Hold.objects.active().filter(person=person).select_related("by"),
        "crumbs": crumbs(person, {"label": _("Erasure"), "url": ""}),
    }
    return respond(request, PAGE, context, status=422 if form.errors else 200)
