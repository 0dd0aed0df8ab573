"""Erasing a leaver: what would go, the name typed, and what went."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import NotNow
from competencies.personal_data.erasure import forecast
from competencies.personal_data.models import Hold
from ladder import exporting
from ladder.web import answer, find

from .forms import ErasureForm
from .records import crumbs, people

PAGE = "records/erasure.html"


@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request, pk):
    """Show what would go; on a POST with the name typed, erase."""
    person = find(people(request), request, "records.erase_person", pk)
    form = ErasureForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            exporting.erase(person, by=request.user)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("This person is erased."))
            return redirect("record_of", person.pk)
    context = {
        "person": person,
        "form": form,
        "goes": forecast(person),
        "holds": Hold.objects.standing().filter(person=person).select_related("by"),
        "crumbs": crumbs(person, {"label": _("Erasure"), "url": ""}),
    }
    return answer(request, PAGE, context, status=422 if form.errors else 200)
