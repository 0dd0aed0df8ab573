from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from competencies.core.clock import standing_at, today
from competencies.core.refusals import Denied, NotNow
from competencies.people.models import Token
from competencies.trail.models import Entry


def test_a_key_opens_and_only_its_digest_is_kept(sam):
    token, key = Token.issue(sam, by=sam, label="script", scope="write", days=7)

    assert Token.objects.bearing(key).person == sam
    assert key not in {str(value) for value in vars(token).values()}
    assert key.startswith(token.hint)
    assert token.expires_at - token.created_at == pytest.approx(timedelta(days=7), abs=timedelta(seconds=1))


def test_the_trail_says_that_it_was_made_and_not_what_it_is(sam):
    token, _key = Token.issue(sam, by=sam, label="script")

    entry = Entry.objects.get(action="token.issued", row_pk=token.pk)
    assert entry.about == sam
    assert entry.details == {"scope": "read", "days": 30}


def test_nobody_makes_a_token_for_somebody_else(sam, mara, hana):
    for other in (mara, hana):
        with pytest.raises(Denied):
            Token.issue(sam, by=other, label="script")


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_life_too_short_or_too_long_is_refused(sam, days):
    with pytest.raises(NotNow):
        Token.issue(sam, by=sam, label="script", days=days)


def test_it_dies_by_time_by_revoking_and_with_its_owner(sam):
    _expiring, early = Token.issue(sam, by=sam, label="early", days=1)
    revoked, second = Token.issue(sam, by=sam, label="second")
    _token, third = Token.issue(sam, by=sam, label="third")

    revoked.revoke(by=sam)
    with standing_at(timezone.now() + timedelta(days=2)):
        assert Token.objects.bearing(early) is None
    assert Token.objects.bearing(second) is None

    sam.leaves_on = today()
    sam.save()
    assert Token.objects.bearing(third) is None


def test_revoking_is_the_owners_and_happens_once(sam, hana):
    token, _key = Token.issue(sam, by=sam, label="script")

    with pytest.raises(Denied):
        token.revoke(by=hana)
    token.revoke(by=sam)
    with pytest.raises(Denied):
        token.revoke(by=sam)


@pytest.mark.parametrize("label", ["x" * 101, "nightly\rBcc: x"])
def test_the_command_refuses_a_label_that_its_column_does_not_take(sam, label):
    with pytest.raises(CommandError):
        call_command("make_token", sam.email, "--label", label)

    assert not Token.objects.exists()


def test_the_command_prints_the_key_alone(sam):
    printed = StringIO()

    call_command("make_token", "Sam@testing.example", "--days", "2", stdout=printed, stderr=StringIO())

    token = Token.objects.bearing(printed.getvalue().strip())
    assert (token.person, token.scope) == (sam, "read")


@pytest.mark.parametrize(
    "words", [["nobody@testing.example"], ["gone@testing.example"], ["sam@testing.example", "--days", "0"]]
)
def test_the_command_refuses_in_words(db, words):
    with pytest.raises(CommandError):
        call_command("make_token", *words)
