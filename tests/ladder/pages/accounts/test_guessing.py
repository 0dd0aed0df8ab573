"""How many guesses somebody gets: at passwords, at codes, from one address or from many."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.urls import reverse

from ladder.ops.liveness import sign_of_life

ROOT = Path(__file__).parents[4]
AT_MOST = 10
MANY = 1_000 if os.environ.get("LADDER_LONG") == "1" else 40
TOO_MANY = "Too many attempts. Wait five minutes, then try again."
THREE_PROCESSES = """
import django, os
django.setup()
from django.core.management import call_command
from django.db import connection
from django.forms import ValidationError
from django.test import RequestFactory
from ladder.pages.accounts.adapters import AccountAdapter
call_command("createcachetable")
connection.close()
children = []
for process in range(3):
    if child := os.fork():
        children.append(child)
        continue
    granted = 0
    for number in range(20):
        request = RequestFactory().post("/sign-in/", REMOTE_ADDR=f"10.{process}.0.{number}")
        try:
            AccountAdapter(request).pre_authenticate(request, email="sam@testing.example", password="no")
            granted += 1
        except ValidationError:
            pass
    os.write(1, f"{granted} ".encode())
    os._exit(0)
assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
"""


@pytest.mark.slow
def test_of_many_guesses_at_one_account_from_many_addresses_ten_are_evaluated(client, sam, hashes):
    answers = [
        client.post(
            "/sign-in/",
            {"login": sam.email, "password": f"guess {number}"},
            REMOTE_ADDR=f"10.0.{number % 7}.{number % 250}",
        ).status_code
        for number in range(MANY)
    ]

    assert set(answers) == {422}
    assert 1 <= len(hashes) <= AT_MOST


def test_of_many_guesses_from_one_address_at_many_accounts_ten_are_evaluated(client, sam, hashes):
    for number in range(MANY):
        client.post("/sign-in/", {"login": f"person{number}@testing.example", "password": "guess"})

    assert 1 <= len(hashes) <= AT_MOST


def test_another_spelling_or_host_name_grants_no_more_guesses(client, sam, hashes, settings):
    settings.ALLOWED_HOSTS = [".testing.example"]
    for number in range(MANY):
        email = sam.email.upper() if number % 2 else f" {sam.email}"
        client.post(
            "/sign-in/",
            {"login": email, "password": "guess"},
            headers={"Host": f"name{number}.testing.example"},
            REMOTE_ADDR=f"10.0.0.{number}",
        )

    assert 1 <= len(hashes) <= AT_MOST


def test_processes_count_together(tmp_path):
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("LADDER_", "DATABASE"))}
    ours |= {"LADDER_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ladder.settings"}
    command = [sys.executable, "-c", THREE_PROCESSES]
    done = subprocess.run(command, cwd=ROOT, env=ours, check=True, stdout=subprocess.PIPE, timeout=90)
    granted = [int(number) for number in done.stdout.split()]

    assert len(granted) == 3
    assert 1 <= sum(granted) <= AT_MOST


def test_migrating_makes_the_table_that_counts_and_without_it_ladder_is_not_ready(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE ladder_cache")
    with transaction.atomic():
        assert client.get("/readyz").status_code == 503
        transaction.set_rollback(True)

    call_command("migrate", verbosity=0)
    sign_of_life()

    assert client.get("/readyz").status_code == 200


def test_after_the_limit_the_right_password_is_refused_alike_until_one_has_waited(
    client, sam, hashes, signs_in, monkeypatch
):
    for number in range(5):
        signs_in(client, sam, f"guess {number}")
    wrong, right = signs_in(client, sam, "guess"), signs_in(client, sam)
    assert [answer.context["form"].non_field_errors() for answer in (wrong, right)] == [[TOO_MANY]] * 2
    assert len(hashes) == 5

    cache.clear()  # what the passing of five minutes does to the counts

    assert signs_in(client, sam).status_code == 302


def test_the_counts_end_by_themselves(client, sam, signs_in, monkeypatch):
    import time

    for number in range(6):
        signs_in(client, sam, f"guess {number}")
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)

    assert signs_in(client, sam).status_code == 302


def test_signing_in_costs_nothing_so_that_an_office_shares_one_address(client, sam, signs_in):
    for _morning in range(30):
        assert signs_in(client, sam).status_code == 302
        client.logout()


def test_a_new_password_by_mail_forgives_the_account_but_not_the_address(
    client, sam, mara, signs_in, work, mailoutbox
):
    from tests.ladder.pages.accounts.test_forgotten_password import link_of, set_password

    for number in range(5):
        signs_in(client, sam, f"guess {number}")
    client.post(reverse("account_reset_password"), {"email": sam.email})
    work()
    set_password(client, link_of(mailoutbox), "ferry-lantern-owl-9")
    assert signs_in(client, sam, "ferry-lantern-owl-9").status_code == 302
    client.logout()

    refused = [signs_in(client, mara, f"guess {number}") for number in range(6)]

    assert refused[-1].context["form"].non_field_errors() == [TOO_MANY]


def test_behind_a_proxy_the_last_hop_counts_and_what_the_client_claims_does_not(client, hashes, settings, db):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(30):
        client.post(
            "/sign-in/",
            {"login": f"person{number}@testing.example", "password": "guess"},
            headers={"X-Forwarded-For": f"192.0.2.{number}, 198.51.100.7"},
        )

    assert len(hashes) == AT_MOST


def test_without_a_proxy_no_header_says_who_one_is(client, hashes, db):
    for number in range(30):
        client.post(
            "/sign-in/",
            {"login": f"person{number}@testing.example", "password": "guess"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )

    assert len(hashes) == AT_MOST


@pytest.mark.parametrize("name", ["account_reauthenticate", "account_change_password"])
def test_an_open_window_is_no_place_to_guess_a_password(sams, sam, hashes, name):
    del hashes[:]
    told = {"oldpassword": "guess", "password1": "ferry-lantern-9", "password2": "ferry-lantern-9"}
    for number in range(MANY):
        sams.post(reverse(name), told | {"password": f"guess {number}"}, REMOTE_ADDR=f"10.0.0.{number}")

    assert 1 <= len(hashes) <= AT_MOST


def test_codes_are_not_guessed_either(sams, sam, secret, signs_in, code_of, monkeypatch):
    from ladder.pages.accounts import forms

    tried, validate = [], forms.codes.Authenticator.wrap
    monkeypatch.setattr(forms.codes.Authenticator, "wrap", lambda self: tried.append(self) or validate(self))
    sams.post(reverse("sign_out"))
    signs_in(sams, sam)
    for number in range(MANY):
        sams.post(reverse("mfa_authenticate"), {"code": f"{number:06}"}, REMOTE_ADDR=f"10.0.0.{number % 250}")
    guessed = len({id(factor) for factor in tried})

    assert guessed <= 2 * AT_MOST
    assert sams.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 422


def test_while_nothing_can_be_counted_nobody_is_told_of_too_many_guesses(client, sam, signs_in, monkeypatch):
    execute = CursorWrapper._execute

    def busy(cursor, sql, *parameters):
        if sql.startswith(("INSERT INTO", "UPDATE")) and "ladder_cache" in sql:
            raise OperationalError("database is locked")
        return execute(cursor, sql, *parameters)

    monkeypatch.setattr(CursorWrapper, "_execute", busy)
    client.raise_request_exception = False

    signed_in = signs_in(client, sam)
    forgotten = client.post(reverse("account_reset_password"), {"email": sam.email})

    assert [answer.status_code for answer in (signed_in, forgotten)] == [503, 503]
    assert "Retry-After" in signed_in.headers
