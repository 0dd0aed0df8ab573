"""What is sent twice under one key is done once, and the second is given the first answer.

Every form carries a key of its own, by the tag that also writes its token against forgery. The key is taken
by the first write of the domain, in its transaction: see `competencies.core.idempotency`.
"""

import hashlib
import re
import time

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.decorators import sync_only_middleware
from django.utils.translation import gettext as _

from competencies.core.idempotency import taking
from competencies.people.idempotency import Repeated, Sending
from ladder.ops.logs import hide

from .hooks import with_hooks
from .outage_pages import ACTION, BACK, OUTCOME, SECRET
from .views import onward

FIELD = "once"
WELL_FORMED = re.compile(r"[\w-]{16,64}", re.ASCII)
APART_FROM = ("csrfmiddlewaretoken", FIELD, ACTION, BACK, OUTCOME)  # what a form that comes back adds
LOOKING = "outcome"  # the form that is sent there with its key is not done by looking what became of it
REFUSED = (404, 409, 422)
LOOKS, BETWEEN = 40, 0.05  # how often, and after how many seconds, an answer that is being made is looked for


@sync_only_middleware
def answer_once(get_response):
    """Give a form that comes again under its key the first answer.

    What is refused takes no key: mended, or sent again as it is, it is asked anew.
    """

    def once(request):
        request.sending = None

        def take():
            if request.sending:
                request.sending.take()

        with taking(take):
            response = get_response(request)
        sending = request.sending
        if sending is None:
            return response
        if response.status_code in REFUSED and sending.taken is None:
            faster = sending.earlier()  # refused perhaps because one like it was done meanwhile
            return first_answer(request, faster) if faster else response
        if response.status_code < 400:
            if not _taken_at_last(sending):
                return first_answer(request, sending.earlier())
            place = response.headers.get("Location", "")
            sending.answer(response.status_code, location=place if hide(place) == place else "")
        return response

    def process_view(request, view, args, kwargs):
        exempt = getattr(view, "csrf_exempt", False) or request.resolver_match.url_name == LOOKING
        sending = None if exempt else sending_of(request)
        earlier = sending and sending.earlier()
        if earlier:
            return first_answer(request, earlier)
        request.sending = sending
        return None

    def process_exception(request, exception):
        if isinstance(exception, Repeated):
            sending, request.sending = request.sending, None
            return first_answer(request, sending.earlier())
        return None

    return with_hooks(once, process_view=process_view, process_exception=process_exception)


def _taken_at_last(sending):
    """Return False if the key of what wrote nothing to the trail, as an order for the worker, was used."""
    try:
        sending.take()
    except Repeated:
        return False
    return True


def sending_of(request):
    """Return the `Sending` of a form, or None for what carries no key and for whoever is not signed in.

    None as well for a form with a secret in it: not even a digest of one is kept.
    """
    if request.method != "POST" or not request.user.is_authenticated:
        return None
    key = request.POST.get(FIELD, "")
    if not WELL_FORMED.fullmatch(key) or any(map(SECRET.search, request.POST)):
        return None
    typed = {name: values for name, values in request.POST.lists() if name not in APART_FROM}
    files = {name: [[file.name, _digest(file)] for file in sent] for name, sent in request.FILES.lists()}
    return Sending(request.user, request.path, key, [typed, files])


def first_answer(request, earlier):
    """Lead on to where the first answer led. Where it led nowhere, the page is read again."""
    earlier = answered(earlier)
    if earlier.location:
        return HttpResponseRedirect(earlier.location)
    messages.info(
        request,
        _("This was already received and saved once. Anything that’s shown only once isn’t shown again."),
    )
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(onward(request, request.headers.get("Referer", "")) or resolve_url("home"))


def answered(earlier):
    """Return the row of a key once it has its answer, or without one after two seconds."""
    for _look in range(LOOKS):
        if earlier.status is not None:
            break
        time.sleep(BETWEEN)
        earlier.refresh_from_db()
    return earlier


def _digest(file):
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
