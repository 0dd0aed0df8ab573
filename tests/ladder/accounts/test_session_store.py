"""Sessions from before a move of the sign-in back end stay good."""

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY

from ladder.accounts.session_store import MOVED, SessionStore


@pytest.mark.parametrize("former", MOVED)
@pytest.mark.django_db
def test_a_session_that_names_the_former_back_end_stays_signed_in(client, sam, former):
    client.force_login(sam)
    session = client.session
    session[BACKEND_SESSION_KEY] = former
    session.save()

    assert client.get("/").status_code == 200
    assert SessionStore(session.session_key)[BACKEND_SESSION_KEY] in settings.AUTHENTICATION_BACKENDS


@pytest.mark.django_db
def test_another_back_end_is_left_as_it_is_stored(client, sam):
    client.force_login(sam)
    session = client.session
    session[BACKEND_SESSION_KEY] = "somebody.elses.Backend"
    session.save()

    assert client.get("/").status_code == 302
