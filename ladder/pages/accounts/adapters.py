"""How this product bends allauth: no sign-up, our words, sealed secrets, the same answer to everybody."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.notices.models import Letter
from competencies.people.models import Organisation, Person
from ladder.accounts.allauth_internals import (
    clear_login,
    get_authentication_records,
    get_cache_key,
    get_rates,
)
from ladder.accounts.second_factor import may_remove, vouched_for
from ladder.jobs import email_outbox
from ladder.web.views import is_ours

from .notices import note_failure
from .sealing import seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    """Signing in by email and password. Whoever is unknown, has left or has no password is told the same."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The email or password is wrong."),
        "incorrect_password": _("That password isn’t right."),
        "enter_current_password": _("That password isn’t right."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait five minutes, then try again."),
        "incorrect_code": _("That didn’t work. Try again."),
        "invalid_password_reset": _("This link has expired or was used before."),
    }

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        """Return True if `url` is one of ours; what cannot be read as an address is none."""
        return is_ours(context.request, url)

    def is_ajax(self, request):
        """Return True if a script asks for the options of a passkey, which alone is answered in JSON."""
        match = request.resolver_match
        return match is not None and match.url_name == "mfa_login_webauthn" and request.method == "GET"

    def pre_login(self, request, user, **kwargs):
        if user.is_active:
            return None
        clear_login(request)
        messages.error(request, gettext("That didn’t work. Try again."))
        return redirect("sign_in")

    def authentication_failed(self, request, **credentials):
        """Have it noted off the way, as much work for an unknown email as for a known one."""
        email = credentials.get("email", "")
        note_failure.enqueue(Person.objects.filter(email=email).values_list("pk", flat=True).first())

    def reauthenticate(self, user, password):
        person = self.authenticate(context.request, email=user.email, password=password)
        return person is not None and person.pk == user.pk

    def is_reauthentication_required(self, *, app, **more):
        """Ask again only for who signed in or confirmed it was them too long ago."""
        request = context.request
        records = get_authentication_records(request, request.user)
        age = now().timestamp() - max((record["at"] for record in records), default=0)
        return age > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_password_change_redirect_url(self, request):
        return reverse("account")

    def get_logout_redirect_url(self, request):
        return reverse("sign_in")

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell the owner of an account what was done to it, off the way of the request."""
        email_outbox.order(Letter.Kind.ACCOUNT, to=user, what=template_prefix.rpartition("/")[2])

    def forgive(self, email):
        """Take back the failures that were counted against one email, after its password was set anew."""
        key = self._get_login_attempts_cache_key(self.request, email=email)
        about = {"app": "allauth.account", "action": "login_failed"}
        rates = [rate for rate in get_rates(**about) if rate.per == "key"]
        cache.delete_many([get_cache_key(self.request, **about, rate=rate, key=key) for rate in rates])

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Count against the email alone: by host name, each name of the site would grant more guesses."""
        return credentials.get("email", "").lower()

    def _delete_login_attempts_cached_email(self, request, **credentials):
        """Do not forgive the address as well: somebody could earn guesses by resetting their own password."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: what they rest on is sealed, and an app shows the name of the company."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("That didn’t work. Try again.")}

    def encrypt(self, text):
        return seal(text)

    def decrypt(self, encrypted_text):
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator):
        return may_remove(authenticator)

    def is_mfa_enabled(self, user, types=None):
        """Ask nobody at signing in for whom the provider vouches, as the operator lets it."""
        entering = not context.request.user.is_authenticated
        if entering and vouched_for(context.request, user):
            return False
        return super().is_mfa_enabled(user, types)

    def get_totp_issuer(self):
        return "Ladder" if Organisation.here().name == "Ladder" else f"Ladder, {Organisation.here().name}"

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": self.get_totp_issuer()}

    def generate_authenticator_name(self, user, type):
        return gettext("Passkey from %(day)s") % {"day": now().date().isoformat()}
