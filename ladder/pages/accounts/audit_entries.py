"""What people do to their accounts, written on the trail, and what it does to their sessions.

allauth tells of it by signals; `LadderConfig` has them listened to.
"""

from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.adapter import DefaultUserSessionsAdapter, get_adapter
from allauth.usersessions.models import UserSession
from django.dispatch import receiver

from competencies.people.models import Token
from competencies.trail.models import record
from ladder.accounts.allauth_internals import end_other_sessions


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Sessions that end other than by signing out are told on the trail."""

    def end_sessions(self, sessions):
        sessions = list(sessions)
        super().end_sessions(sessions)
        if sessions:
            owner = sessions[0].user
            record("account.sessions_ended", owner, by=owner, about=owner, count=len(sessions))


@receiver(user_logged_in)
def signed_in(sender, request, user, **kwargs):
    record("account.signed_in", user, by=user, about=user)


@receiver(password_changed)
@receiver(password_set)
def changed_password(sender, request, user, **kwargs):
    record("account.password_changed", user, by=user, about=user)
    Token.end_all(user)
    end_other_sessions(request, user)


@receiver(password_reset)
def reset_password(sender, request, user, **kwargs):
    record("account.password_reset", user, by=user, about=user)
    Token.end_all(user)
    get_adapter().end_sessions(UserSession.objects.filter(user=user))


@receiver(authenticator_added)
def added_factor(sender, user, authenticator, **kwargs):
    record("account.second_factor_added", user, by=user, about=user, kind=authenticator.type)


@receiver(authenticator_removed)
def removed_factor(sender, user, authenticator, **kwargs):
    record("account.second_factor_removed", user, by=user, about=user, kind=authenticator.type)


@receiver(authenticator_reset)
def made_codes(sender, user, **kwargs):
    record("account.recovery_codes_made", user, by=user, about=user)
