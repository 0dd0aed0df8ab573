"""The answer to a form that does not come from our own page."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def forged(request, reason=""):
    """Say in words that the form was too old or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)
