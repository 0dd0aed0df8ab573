"""Roles that no reporting line gives: granted, and taken back at once."""

import pytest

from competencies.core.refusals import Denied, NotNow
from competencies.people.models import Person, RoleGrant
from competencies.trail.models import Entry


def test_a_role_works_at_once_and_no_longer_when_taken_back(sam, hana):
    grant = sam.grant("auditor", by=hana)
    assert sam in Person.objects.holding("auditor")

    grant.revoke(by=hana)
    assert sam not in Person.objects.holding("auditor")


def test_a_role_taken_back_can_be_given_again(sam, hana):
    sam.grant("author", by=hana).revoke(by=hana)
    sam.grant("author", by=hana)

    assert sam.grants.count() == 2
    assert sam.grants.in_force().count() == 1


def test_nobody_holds_a_role_twice(sam, hana):
    sam.grant("author", by=hana)

    with pytest.raises(NotNow):
        sam.grant("author", by=hana)


def test_nobody_gives_or_takes_a_role_of_their_own(hana, otto):
    with pytest.raises(Denied):
        hana.grant("author", by=hana)
    with pytest.raises(Denied):
        hana.grants.get().revoke(by=hana)
    with pytest.raises(Denied):
        otto.grants.get().revoke(by=otto)


@pytest.mark.parametrize("name", ["sam", "mara", "dora", "aude", "otto", "gone"])
def test_only_hr_gives_and_takes(request, kit, hana, name):
    grant = kit.grant("auditor", by=hana)

    with pytest.raises(Denied):
        kit.grant("author", by=request.getfixturevalue(name))
    with pytest.raises(Denied):
        grant.revoke(by=request.getfixturevalue(name))


def test_a_role_is_taken_back_once(sam, hana):
    grant = sam.grant("author", by=hana)
    grant.revoke(by=hana)

    with pytest.raises(Denied):
        grant.revoke(by=hana)


def test_the_last_of_hr_keeps_the_role(hana, sam):
    other = sam.grant("hr", by=hana)
    hana.grants.get(role="hr").revoke(by=sam)

    with pytest.raises(NotNow):
        RoleGrant.check_hr_remains(without=sam)
    with pytest.raises(Denied):
        other.revoke(by=hana)


def test_somebody_of_hr_who_has_left_does_not_count(hana, sam, gone):
    RoleGrant.objects.create(person=gone, role="hr")
    sam.grant("hr", by=hana)
    of_sam = sam.grants.get(role="hr")
    of_sam.revoke(by=hana)

    with pytest.raises(NotNow):
        RoleGrant.check_hr_remains(without=hana)


def test_the_trail_names_the_role(sam, hana):
    sam.grant("author", by=hana).revoke(by=hana)

    told = Entry.objects.filter(action__startswith="role.").order_by("sequence")
    assert [(entry.action, entry.about, entry.details) for entry in told] == [
        ("role.granted", sam, {"role": "author"}),
        ("role.revoked", sam, {"role": "author"}),
    ]
