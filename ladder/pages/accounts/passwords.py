"""Forgotten passwords: a link by mail, and the page that it opens."""

from allauth.account.adapter import get_adapter
from allauth.account.views import PasswordResetFromKeyView
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from competencies.notices.models import Letter
from ladder.accounts.allauth_internals import logout
from ladder.jobs import email_outbox
from ladder.web.views import site_of

from .forms import ForgottenPasswordForm


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_password(request):
    """Order the mail that sets a new password: as much work, and the same answer, for an unknown email."""
    form = ForgottenPasswordForm(request.POST or None)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "accounts/forgotten_password.html", {"form": form}, status=status)
    email = form.cleaned_data["email"]
    if too_many := ratelimit.consume_or_429(request, action="reset_password", key=email):
        return too_many
    email_outbox.order(Letter.Kind.RESET, to=form.person(), site=site_of(request))
    message = _(
        "If %(email)s has an account here, an email is on its way. Its link works once, within an hour."
    )
    messages.info(request, message % {"email": email})
    return redirect("sign_in")


@method_decorator(never_cache, name="dispatch")
class NewPassword(PasswordResetFromKeyView):
    """The page behind the link. The password set there ends every session of the person."""

    template_name = "accounts/new_password.html"
    success_url = reverse_lazy("sign_in")

    def form_valid(self, form):
        get_adapter(self.request).forgive(self.reset_user.email)
        return super().form_valid(form)

    def logout(self):
        logout(self.request, show_message=False)
