"""What is taken from the inside of allauth is there and takes what it is given, by name."""

import inspect

import pytest

from ladder.accounts import allauth_internals

TAKES = {
    "begin_registration": ["user", "passwordless"],
    "can_generate_recovery_codes": ["user"],
    "clear_login": ["request"],
    "end_other_sessions": ["request", "user"],
    "end_sessions": ["request", "sessions"],
    "generate_recovery_codes": ["request"],
    "get_authentication_records": ["request", "user"],
    "get_cache_key": ["request", "app", "action", "rate", "key", "user"],
    "get_rates": ["app", "action", "config"],
    "is_reauthentication_required": ["request", "app"],
    "logout": ["request", "show_message"],
    "normalize_user_code": ["code"],
    "record_authentication": ["request", "user", "method", "extra_data"],
    "view_recovery_codes": ["request"],
}


@pytest.mark.parametrize("name", TAKES)
def test_a_function_takes_what_it_is_given(name):
    assert list(inspect.signature(getattr(allauth_internals, name)).parameters) == TAKES[name]


def test_the_place_of_the_secret_in_a_session_is_known():
    """A set-up of an app that was begun before an upgrade is ended after it."""
    assert allauth_internals.SECRET_SESSION_KEY == "mfa.totp.secret"


def test_nothing_else_is_taken():
    assert {*TAKES, "SECRET_SESSION_KEY"} == set(allauth_internals.__all__)
