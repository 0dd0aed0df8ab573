"""One's own API tokens."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.people.models import Token
from ladder.web.compression import shown_once
from ladder.web.posted_from import posted_from
from ladder.web.views import get_for

from .forms import TokenForm


@require_http_methods(["GET", "HEAD", "POST"])
@shown_once
@reauthentication_required(app="people", enabled=lambda request: request.method == "POST")
def tokens(request):
    """List the visitor's tokens; by POST make one and show its key, this once.

    A token outlives the session it was made in, so who signed in long ago first confirms that it is them.
    """
    form, key = TokenForm(request.POST or None), None
    if form.is_valid():
        _token, key = Token.issue(request.user, by=request.user, **form.cleaned_data)
        form = TokenForm()
    mine = Token.objects.filter(person=request.user)
    active = set(mine.active().values_list("pk", flat=True))
    context = {"form": form, "key": key, "tokens": mine, "active": active}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@posted_from("tokens", Token, "people.revoke_token", key=None)
def revoke_token(request, pk):
    get_for(Token, request, "people.revoke_token", pk).revoke(by=request.user)
    messages.success(request, _("Token revoked. It no longer works."))
    return redirect("tokens")
