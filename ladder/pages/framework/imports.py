"""Importing a framework file: a new draft, or every fault of it; other ladders are made into one first."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.framework.loading import load
from competencies.framework.parser import BadFile, read
from competencies.people.models import Organisation
from ladder.web.request import Request
from ladder.web.views import require, respond

from .conversion import convert, is_of_another_shape
from .forms import ImportForm

PAGE, FRAGMENT = "framework/import.html", "framework/_import.html"
CONVERTED_NAME = "ladder.yaml"  # what a file is called that was made of another


@require_http_methods(["GET", "HEAD", "POST"])
def edition_import(request: Request) -> HttpResponse:
    organisation = Organisation.here()
    require(request, "people.write_framework", organisation)
    if request.method != "POST":
        return _show(request, {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, {"form": form}, fragment=FRAGMENT, status=422)
    file = form.cleaned_data["file"]
    content, name = (file.read(), file.name) if file else (form.cleaned_data["text"].encode(), CONVERTED_NAME)
    try:
        if file and is_of_another_shape(content, name):
            return _converted(request, form, content, name)
        edition = load(content, file=name, by=request.user, within=organisation)
    except BadFile as refusal:
        context = {"form": form, "file": name, "faults": refusal.faults}
        if not file:
            context["text"] = form.cleaned_data["text"]
        return _show(request, context, fragment=FRAGMENT, status=422)
    messages.success(request, _message_of(edition))
    return _show(request, {"form": form, "edition": edition}, fragment=FRAGMENT, done=edition)


def _converted(request: Request, form, content, name):
    """Show what was read of a ladder of another shape, and the file made of it. Nothing is written."""
    try:
        conversion = convert(content, file=name)
    except BadFile:
        read(content, file=name)  # says what keeps it from being a framework file, if it was meant as one
        raise
    context = {"form": form, "file": name, "conversion": conversion, "text": conversion.text}
    try:
        read(conversion.text.encode(), file=CONVERTED_NAME)
    except BadFile as refusal:
        context["faults"] = refusal.faults
    return _show(request, context, fragment=FRAGMENT)


def _show(request: Request, context, **options):
    crumbs = [{"label": _("Frameworks"), "url": reverse("editions")}, {"label": _("Import framework file")}]
    return respond(request, PAGE, context | {"crumbs": crumbs}, **options)


def _message_of(edition):
    if edition.state == "draft":
        return _("%(edition)s is a draft and matches the file.") % {"edition": edition}
    return _("Nothing was changed: %(edition)s already matches this file exactly.") % {"edition": edition}
