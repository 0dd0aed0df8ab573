"""The editions of the ladder, and each as a file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competencies.framework.in_force import InForce
from competencies.framework.models import Edition
from competencies.framework.writing import write
from competencies.people.models import Organisation
from ladder.web.request import Request
from ladder.web.views import get_for


@require_safe
def editions(request: Request) -> HttpResponse:
    rows = (
        Edition.objects.allowing(request.user, "framework.read_edition")
        .marking(request.user, may_publish="framework.publish_edition")
        .with_standing()
        .with_sizes()
        .order_by("framework__title", "-number")
    )
    context = {
        "editions": rows,
        "in_force": InForce().editions,
        "may_write": request.user.has_perm("people.write_framework", Organisation.here()),
    }
    return render(request, "framework/editions.html", context)


@require_safe
def edition_file(request: Request, pk: int) -> HttpResponse:
    """The edition in the form in which it can be imported again."""
    edition = get_for(Edition.objects.with_standing(), request, "framework.read_edition", pk)
    name = f"{edition.framework.key}-{edition.number}.yaml"
    return HttpResponse(
        write(edition),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
