"""Pausing an export, going on with it, calling it off, trying again what failed."""

from contextlib import suppress

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from competencies.core.refusals import NotNow
from ladder.jobs import packet_exports
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .exports import FRAGMENT, PAGE, context_of, jobs


@require_POST
def pause(request: Request, pk: int) -> HttpResponse:
    """Make no further packet for now."""
    return _steered(request, pk, lambda job: job.pause(by=request.user))


@require_POST
def resume(request: Request, pk: int) -> HttpResponse:
    """Go on after a pause."""
    return _steered(request, pk, lambda job: packet_exports.resume(job, by=request.user))


@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Make no further packet at all."""
    return _steered(request, pk, lambda job: job.cancel(by=request.user))


@require_POST
def retry_failed(request: Request, pk: int) -> HttpResponse:
    """Try the packets again that failed, those alone."""
    return _steered(request, pk, lambda job: packet_exports.retry_failed(job, by=request.user))


def _steered(request: Request, pk, step):
    job = get_for(jobs(), request, "packets.steer_export", pk)
    with suppress(NotNow):  # somebody was quicker, or it ended: the page shows how it stands
        step(job)
    context = context_of(request, get_for(jobs(), request, "packets.read_export", pk))
    return respond(request, PAGE, context, fragment=FRAGMENT, done=job)
