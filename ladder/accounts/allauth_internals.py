"""What is taken from the inside of allauth, which has no public name for it: one file to mend on an upgrade.

`tests/ladder/accounts/test_allauth_internals.py` says what is missing or asks for other arguments.
"""

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.internal.stagekit import clear_login
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from allauth.mfa.recovery_codes.internal.flows import (
    can_generate_recovery_codes,
    generate_recovery_codes,
    view_recovery_codes,
)
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions

__all__ = [
    "SECRET_SESSION_KEY",
    "begin_registration",
    "can_generate_recovery_codes",
    "clear_login",
    "end_other_sessions",
    "end_sessions",
    "generate_recovery_codes",
    "get_authentication_records",
    "get_cache_key",
    "get_rates",
    "is_reauthentication_required",
    "logout",
    "normalize_user_code",
    "record_authentication",
    "view_recovery_codes",
]
