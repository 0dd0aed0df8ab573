"""Sessions that one can see, and what ends them."""

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.db import OperationalError, ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ladder.pages.accounts.devices import device_of

NEW = {
    "oldpassword": "sam of testing",
    "password1": "ferry-lantern-owl-9",
    "password2": "ferry-lantern-owl-9",
}


def is_open(browser):
    return browser.get(reverse("home")).status_code == 200


def test_the_key_of_a_session_changes_at_sign_in(client, sam, signs_in):
    client.get("/sign-in/")
    client.session["planted"] = True
    client.session.save()
    before = client.session.session_key
    signs_in(client, sam)

    assert client.session.session_key != before


def test_one_sees_where_one_is_signed_in(sams, elsewhere):
    page = sams.get(reverse("account"))

    assert [row["current"] for row in page.context["sessions"]].count(True) == 1
    assert "Firefox on Linux" in page.content.decode()
    assert "127.0.0.1" in page.content.decode()


def test_one_ends_another_session(sams, elsewhere, sam):
    other = UserSession.objects.get(session_key=elsewhere.session.session_key)

    assert sams.post(reverse("end_session", args=[other.pk])).url == reverse("account")

    assert not is_open(elsewhere)
    assert is_open(sams)


def test_one_ends_the_session_one_is_in(sams, sam):
    own = UserSession.objects.get(session_key=sams.session.session_key)

    assert sams.post(reverse("end_session", args=[own.pk])).url == reverse("sign_in")

    assert not is_open(sams)


def test_one_ends_all_the_others(sams, elsewhere, signed_in, mara, signs_in):
    maras = Client()
    signs_in(maras, mara)

    assert sams.post(reverse("usersessions_list")).url == reverse("account")

    assert [is_open(browser) for browser in (sams, elsewhere, maras)] == [True, False, True]


def test_a_session_of_somebody_else_is_not_there(elsewhere, signed_in, mara):
    own = UserSession.objects.get(session_key=elsewhere.session.session_key)

    assert signed_in(mara).post(reverse("end_session", args=[own.pk])).status_code == 404

    assert is_open(elsewhere)


@pytest.mark.parametrize("name", ["usersessions_list", "end_session"])
def test_ending_is_not_done_by_reading(sams, name):
    assert sams.get(reverse(name, args=[1] if name == "end_session" else [])).status_code == 302


def test_a_changed_password_ends_the_others_and_keeps_this_one(sams, elsewhere, sam, work, mailoutbox):
    assert sams.post(reverse("account_change_password"), NEW).url == reverse("account")
    work()

    assert [is_open(browser) for browser in (sams, elsewhere)] == [True, False]
    assert UserSession.objects.filter(user=sam).count() == 1
    assert "Your password was changed" in mailoutbox[-1].body


def test_a_password_is_not_changed_without_the_old_one(sams, elsewhere):
    refused = sams.post(reverse("account_change_password"), NEW | {"oldpassword": "guess"})

    assert refused.status_code == 422
    assert refused.context["form"].errors["oldpassword"] == ["That password isn’t right."]
    assert is_open(elsewhere)


def test_who_signs_in_without_a_password_can_set_one(client, keyless, signs_in):
    client.force_login(keyless)
    assert client.get(reverse("account_change_password")).url == reverse("account_set_password")
    new = {name: NEW[name] for name in ("password1", "password2")}

    assert client.post(reverse("account_set_password"), new).url == reverse("account")
    assert signs_in(Client(), keyless, NEW["password1"]).status_code == 302


def test_who_leaves_is_out_with_the_next_request(sams, sam, monkeypatch):
    assert is_open(sams)

    monkeypatch.setattr(type(sam), "is_active", False)

    assert not is_open(sams)


def test_signing_out_ends_the_session_on_the_server_too(sams):
    kept = sams.cookies["sessionid"].value
    sams.post(reverse("sign_out"))
    sams.cookies["sessionid"] = kept

    assert not is_open(sams)


def test_a_session_says_every_few_minutes_that_it_is_used(sams, sam, django_assert_num_queries):
    session = UserSession.objects.get(user=sam)
    long_ago = timezone.now() - timezone.timedelta(hours=2)
    UserSession.objects.update(last_seen_at=long_ago)
    sams.get(reverse("account"))
    assert UserSession.objects.get(user=sam).last_seen_at == long_ago

    kept = sams.session
    kept["seen_at"] = long_ago.timestamp()
    kept.save()
    sams.get(reverse("account"), REMOTE_ADDR="192.0.2.9")

    seen = UserSession.objects.get(user=sam)
    assert seen.last_seen_at > session.last_seen_at
    assert seen.ip == "192.0.2.9"


def test_many_sessions_cost_no_more_queries(sams, sam, signs_in, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        with CaptureQueriesContext(connection) as queries:
            sams.get(reverse("account"))
        return len(queries)

    count()
    one = count()
    for _window in range(8):
        signs_in(Client(), sam)

    assert count() == one


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari/537.36",
            "Chrome on Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) AppleWebKit/605 Version/18 Safari/605", "Safari on Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18 Mobile Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "Unknown app"),
        ("", "Unknown app"),
    ],
)
def test_a_device_is_named_as_people_know_it(sent, read):
    assert device_of(sent) == read


@pytest.fixture
def unrested():
    """Nothing was found away or busy by an earlier test, nor is by a later one."""
    caches["process"].clear()
    yield
    caches["process"].clear()


@pytest.mark.usefixtures("unrested")
def test_a_page_is_read_also_while_nothing_can_be_written(sams, monkeypatch):
    kept = sams.session
    kept["seen_at"] = 0
    kept.save()

    def fails(request):
        raise OperationalError("database is locked")

    monkeypatch.setattr("ladder.pages.accounts.presence.UserSession.objects.create_from_request", fails)

    assert is_open(sams)
    assert sams.session["seen_at"] == 0  # a later request notes it


@pytest.mark.usefixtures("unrested")
def test_a_fault_of_ours_is_not_taken_for_an_outage(sams, monkeypatch):
    kept = sams.session
    kept["seen_at"] = 0
    kept.save()

    def fails(request):
        raise ProgrammingError("no such table")

    monkeypatch.setattr("ladder.pages.accounts.presence.UserSession.objects.create_from_request", fails)

    with pytest.raises(ProgrammingError):
        sams.get(reverse("home"))
