"""Having the chain verified: in the background, as it reads every entry that there is."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from competencies.people.models import Organisation
from competencies.trail.models import Head, record
from competencies.trail.verifying import Redacted, findings
from ladder.jobs.queue import task
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import require


@posted_from("trail", Organisation, "people.read_trail", key=None)
def verify(request: Request) -> HttpResponse:
    """Order it; what came of it is an entry of the trail itself."""
    require(request, "people.read_trail", Organisation.here())
    verify_trail.enqueue(request.user.pk)
    messages.success(request, _("Verification has started. The result will appear on this page."))
    return redirect("trail")


@task()
def verify_trail(person_pk):
    """Read the chain and the rows it speaks of; record what came of it in the name of who ordered it."""
    head, broken = Head.here(), 0
    redacted: set[str] = set()
    details: dict[str, Any] = {}
    for found in findings():
        if isinstance(found, Redacted):
            redacted.add(found.row)
            continue
        broken += 1
        if found.sequence is not None:
            details.setdefault("first", found.sequence)
    if redacted:
        details["redacted"] = len(redacted)
    person = get_user_model().objects.filter(pk=person_pk).first()
    record("trail.verified", head, by=person, head=str(head), breaks=broken, **details)
