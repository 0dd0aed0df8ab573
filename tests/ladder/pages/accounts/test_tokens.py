"""One's own API tokens, on a page."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competencies.people.models import Token

NEW = {"label": "Dashboard", "scope": "read", "days": "30"}


def test_a_token_is_made_and_its_key_shown_once(sams, sam):
    page = sams.post(reverse("tokens"), NEW)
    key = page.context["key"]

    assert key in page.content.decode()
    assert Token.objects.bearing(key).person == sam
    assert key not in sams.get(reverse("tokens")).content.decode()
    assert "Dashboard" in sams.get(reverse("tokens")).content.decode()


def test_who_signed_in_long_ago_confirms_that_it_is_them_and_is_given_the_token(sams, sam, long_after):
    asked = sams.post(reverse("tokens"), NEW)
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert not sam.tokens.exists()

    assert sams.post(asked.url, {"password": "guess"}).status_code == 422
    assert not sam.tokens.exists()
    page = sams.post(asked.url, {"password": "sam of testing"})

    assert page.status_code == 200
    assert page.context["key"] in page.content.decode()
    assert sam.tokens.get().label == "Dashboard"
    assert sams.post(reverse("tokens"), NEW | {"label": "Second"}).context["key"]


def test_reading_ones_tokens_asks_for_no_confirmation(sams, long_after):
    assert sams.get(reverse("tokens")).status_code == 200


def test_who_has_nothing_to_confirm_it_by_is_not_locked_out(client, keyless, long_after):
    client.force_login(keyless)
    assert client.post(reverse("tokens"), NEW).context["key"]


def test_a_token_lives_for_a_year_at_most(sams):
    refused = sams.post(reverse("tokens"), NEW | {"days": "367"})

    assert refused.status_code == 422
    assert refused.context["form"].errors["days"]


def test_a_revoked_token_opens_nothing(sams, sam):
    token, key = Token.issue(sam, by=sam, label="Script")

    assert sams.post(reverse("revoke_token", args=[token.pk])).url == reverse("tokens")

    assert Token.objects.bearing(key) is None
    assert "revoked" in sams.get(reverse("tokens")).content.decode()
    assert sams.post(reverse("revoke_token", args=[token.pk])).status_code == 404


def test_a_token_of_somebody_else_is_not_there(sams, mara):
    token, key = Token.issue(mara, by=mara, label="Script")

    assert sams.post(reverse("revoke_token", args=[token.pk])).status_code == 404
    assert "Script" not in sams.get(reverse("tokens")).content.decode()
    assert Token.objects.bearing(key)


def test_revoking_is_not_done_by_reading(sams, sam):
    token, _key = Token.issue(sam, by=sam, label="Script")

    assert sams.get(reverse("revoke_token", args=[token.pk])).status_code == 302


def test_many_tokens_cost_no_more_queries(sams, sam):
    def count():
        with CaptureQueriesContext(connection) as queries:
            sams.get(reverse("tokens"))
        return len(queries)

    Token.issue(sam, by=sam, label="First")
    one = count()
    for number in range(8):
        Token.issue(sam, by=sam, label=f"Token {number}")

    assert count() == one
