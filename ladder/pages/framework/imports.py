"""Importing a framework file: a new draft, or every fault of the file."""

from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.framework.loading import load
from competencies.framework.reading import BadFile
from competencies.people.models import Organisation
from ladder.web import answer, insist

from .forms import ImportForm

PAGE, FRAGMENT = "framework/import.html", "framework/_import.html"


@require_http_methods(["GET", "HEAD", "POST"])
def edition_import(request):
    organisation = Organisation.here()
    insist(request, "people.write_framework", organisation)
    if request.method != "POST":
        return answer(request, PAGE, {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return answer(request, PAGE, {"form": form}, fragment=FRAGMENT, status=422)
    file = form.cleaned_data["file"]
    try:
        edition = load(file.read(), file=file.name, by=request.user, within=organisation)
    except BadFile as refusal:
        context = {"form": form, "file": file.name, "faults": refusal.faults}
        return answer(request, PAGE, context, fragment=FRAGMENT, status=422)
    messages.success(request, _said(edition))
    return answer(request, PAGE, {"form": form, "edition": edition}, fragment=FRAGMENT, done=edition)


def _said(edition):
    if edition.state == "draft":
        return _("%(edition)s is here as a draft and says what the file says.") % {"edition": edition}
    return _("Nothing was changed: %(edition)s says exactly what this file says.") % {"edition": edition}
