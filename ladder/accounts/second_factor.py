"""Whose second factor is asked for, who has one, and what everybody else may do until they have.

The question is put with every request, of the rows as they stand: a switch or a role that HR changes holds
from the next click on, for pages, the API and its tokens alike.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import sync_only_middleware
from django.utils.translation import gettext as _

from competencies.core.permissions import locked
from competencies.core.refusals import NotNow
from competencies.people.models import Organisation, Person, RoleGrant
from competencies.people.models.person_queryset import People
from competencies.trail.models import record
from ladder.accounts.allauth_internals import get_authentication_records
from ladder.accounts.sessions import end_all
from ladder.web.hooks import with_hooks
from ladder.web.request import Request
from ladder.web.views import organisation_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponseBase]

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
NEEDED = "second_factor"  # the page that says what is missing
ALLOWED = {
    *(NEEDED, "mfa_activate_totp", "mfa_add_webauthn"),
    *("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *("sign_out", "account_logout", "theme", "alive", "ready", "verify", "verify_code"),
}
LOCAL_DOORS = {
    *("mfa_login_webauthn", "account_reset_password", "account_reset_password_from_key"),
    *("open_invitation", "invitation", "invite_person", "invite_all"),
    *("account_change_password", "account_set_password"),
}


def bearers() -> QuerySet[Authenticator]:
    """Return the factors that count, of everybody: an app or a passkey, not the codes on paper alone."""
    return Authenticator.objects.filter(type__in=FACTORS)


def has(person: Person) -> bool:
    """Say whether a person has a second factor of their own, here or vouched for by the provider."""
    if bearers().filter(user=person).exists():
        return True
    return settings.OIDC_SATISFIES_SECOND_FACTOR and SocialAccount.objects.filter(user=person).exists()


def is_missing(person: Person) -> bool:
    """Say whether a second factor is asked of a person who has none."""
    return Organisation.here().asks_second_factor_of(person) and not has(person)


def is_missing_here(request: Request) -> bool:
    """Say the same of the visitor. Vouched for by the provider is who came through it in this session."""
    person = request.user
    if not organisation_of(request).asks_second_factor_of(person) or bearers().filter(user=person).exists():
        return False
    return not vouched_for(request, person)


def vouched_for(request: HttpRequest, person: Person) -> bool:
    """Say whether a person signed in by a provider of whom the operator says that it asks for two factors."""
    records = get_authentication_records(request, person) if settings.OIDC_SATISFIES_SECOND_FACTOR else []
    return any(record["method"] == "socialaccount" for record in records)


def may_remove(factor: Authenticator) -> bool:
    """Say whether a person may take off this factor: not the last one while one is asked of them."""
    others = bearers().filter(user=factor.user).exclude(pk=factor.pk)
    needed = factor.type in FACTORS and not others.exists()
    return not (needed and Organisation.here().asks_second_factor_of(factor.user))


def ask_of(organisation: Organisation, roles: Sequence[str], *, by: Person) -> Organisation:
    """Ask a second factor of everyone who holds one of `roles`.

    Refuses with `NotNow` when that would shut out the one who asks for it.
    """
    covered = Organisation(second_factor_for=list(roles)).asks_second_factor_of(by)
    if covered and not has(by):
        raise NotNow(_("Set up two-factor authentication for yourself first, or this would lock you out."))
    return organisation.require_second_factor(roles, by=by)


def coverage() -> "list[tuple[str, StrOrPromise, int, int]]":
    """Return of whom it can be asked, and how many of them have none: `[(value, label, all, none)]`."""
    return [
        (value, label, covered_by(value).count(), without(covered_by(value)).count())
        for value, label in Organisation.second_factor_choices()
    ]


def without(people: People) -> People:
    """Keep of `people` those who have no second factor."""
    people = people.exclude(pk__in=bearers().values("user"))
    if settings.OIDC_SATISFIES_SECOND_FACTOR:
        people = people.exclude(pk__in=SocialAccount.objects.values("user"))
    return people


def covered_by(value: str) -> People:
    """Return the people who are here and of whom `value` (a role, "manager" or "everyone") speaks."""
    people = Person.objects.active()
    if value == Organisation.EVERYONE:
        return people
    if value == Organisation.MANAGERS:
        return people.managing()
    return people.holding(RoleGrant.Role(value))


@transaction.atomic
def reset(person: Person, *, by: Person) -> int:
    """Take away the second factors of somebody who lost theirs, and end their sessions. Returns how many.

    Refuses with `NotNow` when there is none.
    """
    person = locked(by, "people.reset_second_factor", person)
    count = bearers().filter(user=person).count()
    if not count:
        raise NotNow(_("%(person)s hasn’t set up two-factor authentication.") % {"person": person})
    Authenticator.objects.filter(user=person).delete()
    end_all(person)
    record("account.second_factor_reset", person, by=by, about=person, count=count)
    return count


@sync_only_middleware
def guard_doors(get_response: GetResponse) -> GetResponse:
    """Keep closed what single sign-on replaces; lead whoever lacks a second factor to where they get it."""

    def guarded(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    return with_hooks(guarded, process_view=look_at_the_door)


def look_at_the_door(request: Request, view: object, args: object, kwargs: object) -> HttpResponse | None:
    name = request.resolver_match and request.resolver_match.url_name
    if settings.OIDC_ONLY and (name in LOCAL_DOORS or (name == "sign_in" and request.method == "POST")):
        raise Http404("nothing here")
    if not request.user.is_authenticated or name in ALLOWED or request.path.startswith("/api/"):
        return None  # the API answers for itself, of tokens too
    return _lead_away(request) if is_missing_here(request) else None


def _lead_away(request: Request) -> HttpResponse:
    if request.htmx:  # a save must not be answered with a page
        return HttpResponse(status=403, headers={"HX-Redirect": reverse(NEEDED)})
    return redirect(NEEDED)
