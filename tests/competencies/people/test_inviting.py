"""Invitations: a link that works once, for a time, for whoever has no password yet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competencies.core.clock import now, standing_at, today
from competencies.core.refusals import Denied, NotNow
from competencies.people.models import Invitation, Person
from competencies.trail.models import Entry

PASSWORD = "a long and private phrase"


@pytest.fixture
def nia(hana):
    """Somebody HR took in a moment ago."""
    return Person.welcome(by=hana, email="nia@testing.example", name="Nia")


@pytest.fixture
def invited(nia, hana):
    """Nia's invitation and its key."""
    return Invitation.issue(nia, by=hana)


def test_a_key_opens_the_door_once(invited, nia):
    invitation, key = invited
    assert Invitation.objects.bearing(key) == invitation

    invitation.accept(PASSWORD)

    assert Person.objects.get(pk=nia.pk).check_password(PASSWORD)
    assert Invitation.objects.bearing(key) is None
    with pytest.raises(NotNow):
        invitation.accept("another private phrase")


def test_only_the_digest_of_the_key_is_kept(invited):
    invitation, key = invited

    assert key not in {str(value) for value in vars(invitation).values()}


def test_a_new_one_voids_the_one_before(invited, nia, hana):
    _first, old = invited

    _second, new = Invitation.issue(nia, by=hana)

    assert Invitation.objects.bearing(old) is None
    assert Invitation.objects.bearing(new)


def test_it_lives_for_a_week(invited):
    invitation, key = invited

    with standing_at(timezone.now() + timedelta(days=7, minutes=1)):
        assert Invitation.objects.bearing(key) is None
        with pytest.raises(NotNow):
            invitation.accept(PASSWORD)


def test_one_taken_back_opens_nothing(invited, hana):
    invitation, key = invited

    invitation.revoke(by=hana)

    assert Invitation.objects.bearing(key) is None
    with pytest.raises(NotNow):
        invitation.accept(PASSWORD)


def test_it_dies_with_its_person(invited, nia, hana):
    invitation, key = invited
    nia.leave(on=today(), by=hana)

    assert Invitation.objects.bearing(key) is None
    with pytest.raises(NotNow):
        invitation.accept(PASSWORD)


def test_whoever_has_a_password_is_not_invited(sam, hana):
    with pytest.raises(NotNow):
        Invitation.issue(sam, by=hana)


def test_whoever_signs_in_by_another_way_is_not_invited(nia, hana):
    Person.objects.filter(pk=nia.pk).update(last_login=now())

    with pytest.raises(NotNow, match="already signed in"):
        Invitation.issue(nia, by=hana)


def test_a_link_opens_nothing_once_the_invited_came_by_another_way(invited, nia):
    """HR may hold it: with it, they would choose the password of somebody who has drafts by now."""
    Person.objects.filter(pk=nia.pk).update(last_login=now())

    with pytest.raises(NotNow, match="already signed in"):
        invited[0].accept(PASSWORD)
    assert not Person.objects.get(pk=nia.pk).has_usable_password()


def test_whoever_has_left_is_not_invited(nia, hana):
    nia.leave(on=today(), by=hana)

    with pytest.raises(Denied):
        Invitation.issue(nia, by=hana)


@pytest.mark.parametrize("name", ["sam", "mara", "dora", "aude", "otto", "gone"])
def test_only_hr_invites_and_takes_back(request, nia, invited, name):
    with pytest.raises(Denied):
        Invitation.issue(nia, by=request.getfixturevalue(name))
    with pytest.raises(Denied):
        invited[0].revoke(by=request.getfixturevalue(name))


def test_an_accepted_one_is_not_taken_back(invited, hana):
    invited[0].accept(PASSWORD)

    with pytest.raises(Denied):
        invited[0].revoke(by=hana)


def test_the_trail_says_who_invited_and_who_came(invited, nia, hana):
    invited[0].accept(PASSWORD)

    told = Entry.objects.filter(about=nia).order_by("sequence")
    assert [(entry.action, entry.actor) for entry in told] == [
        ("person.welcomed", hana),
        ("person.invited", hana),
        ("invitation.accepted", nia),
    ]
