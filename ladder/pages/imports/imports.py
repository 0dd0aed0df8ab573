"""The imports so far, and a new one."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competencies.people.models import Organisation
from competencies.people_import.columns import COLUMNS
from competencies.people_import.models import Import
from competencies.people_import.parser import BadTable
from ladder.web.request import Request
from ladder.web.views import require, respond

from .forms import UploadForm

IMPORTS_A_PAGE = 25
NEW = "imports/new.html"
EXAMPLE = (
    "Staff number,Email,Name,Job title,Team,Pronouns,Joined,Last day,"
    "Manager,Manager since,Track,Level,Level since\r\n"
    "1001,ada.bright@example.com,Ada Bright,Director of Engineering,Engineering,she/her,2019-04-01,,,,,,\r\n"
    "1002,ben.osei@example.com,Ben Osei,Engineering Manager,Payments,,2020-09-14,,1001,2022-01-01,,,\r\n"
    "1003,chi.park@example.com,Chi Park,Software Engineer,Payments,they/them,2023-02-01,,1002,,"
    "Backend,Senior,2023-02-01\r\n"
    "1004,dana.ruiz@example.com,Dana Ruiz,Software Engineer,Payments,,2021-06-01,2026-12-31,"
    "ben.osei@example.com,,Backend,Senior,\r\n"
)


@require_safe
def imports(request: Request) -> HttpResponse:
    """Show the files that were imported, the newest first."""
    require(request, "people.import_people", Organisation.here())
    rows = Import.objects.allowing(request.user, "people.read_import").with_state()
    page = Paginator(rows, IMPORTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/imports.html", {"page": page, "crumbs": crumbs()})


@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: Request) -> HttpResponse:
    """Choose a file; what it says is looked at on the next page."""
    organisation = Organisation.here()
    require(request, "people.import_people", organisation)
    context = {"form": UploadForm(), "columns": COLUMNS.values(), "crumbs": crumbs(_("New"))}
    if request.method != "POST":
        return respond(request, NEW, context)
    form = context["form"] = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return respond(request, NEW, context, status=422)
    file = form.cleaned_data["file"]
    try:
        people_import = Import.upload(file.read(), file=file.name, within=organisation, by=request.user)
    except BadTable as refusal:
        return respond(request, NEW, context | {"faults": refusal.faults}, status=422)
    return respond(request, NEW, {}, done=("import_mapping", people_import.pk))


@require_safe
def example(request: Request) -> HttpResponse:
    """Send a small file of the kind that can be imported."""
    require(request, "people.import_people", Organisation.here())
    return HttpResponse(
        EXAMPLE,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="people-example.csv"',
        },
    )


def crumbs(*further):
    """Return the way here for the breadcrumbs; the last has no address."""
    way = [
        {"label": _("People"), "url": reverse("people")},
        {"label": _("Imports"), "url": reverse("imports")},
    ]
    return [*way, *({"label": label} for label in further)]
