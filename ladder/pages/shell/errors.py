"""The answers to a form that does not come from our own page, and to what nobody foresaw."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.defaults import server_error

from ladder.web.outage_pages import answer_exception
from ladder.web.request import Request


@login_not_required
def forged(request: Request, reason=""):
    """Say in words that the form was too old or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)


def broken(request: Request):
    """Say that something broke on our side, or, where it is an outage that no view met, that one is on."""
    return answer_exception(request, sys.exc_info()[1]) or server_error(request)
