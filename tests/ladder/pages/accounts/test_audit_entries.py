"""What happens to accounts stands on the trail: by whom, about whom, and nothing that names anybody."""

import pytest
from django.urls import reverse

from competencies.trail.models import Entry


def told(person):
    """Return `[(action, by)]` of what the trail says about the account of a person, oldest first."""
    entries = Entry.objects.filter(action__startswith="account.", about=person).order_by("sequence")
    return [(entry.action.removeprefix("account."), entry.actor) for entry in entries]


@pytest.fixture(autouse=True)
def _nothing_secret(db):
    yield
    for entry in Entry.objects.filter(action__startswith="account."):
        assert not set(entry.details) - {"kind", "count"}


def test_signing_in_and_failing_to(client, sam, signs_in, work):
    signs_in(client, sam, "a guess")
    signs_in(client, sam)
    work()

    assert told(sam) == [("signed_in", sam), ("sign_in_failed", None)]


def test_who_is_unknown_leaves_no_line(client, db, work):
    before = Entry.objects.count()
    client.post("/sign-in/", {"login": "nobody@testing.example", "password": "a guess"})
    work()

    assert Entry.objects.count() == before


def test_a_password_changed_and_the_sessions_it_ended(sams, elsewhere, sam):
    new = {"oldpassword": "sam of testing", "password1": "ferry-lantern-9", "password2": "ferry-lantern-9"}
    sams.post(reverse("account_change_password"), new)

    assert told(sam)[2:] == [("password_changed", sam), ("sessions_ended", sam)]


def test_second_factors_that_come_and_go(sams, sam, secret, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sams.post(reverse("mfa_view_recovery_codes"))
        sams.post(reverse("mfa_view_recovery_codes"))
    sams.post(reverse("mfa_deactivate_totp"))

    assert told(sam)[-3:] == [
        ("recovery_codes_made", sam),
        ("second_factor_removed", sam),
        ("second_factor_removed", sam),
    ]


def test_an_app_that_was_set_up(sams, sam, code_of, django_capture_on_commit_callbacks):
    secret = sams.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        sams.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

    kinds = Entry.objects.filter(action="account.second_factor_added", about=sam)
    assert [entry.details["kind"] for entry in kinds.order_by("sequence")] == ["totp", "recovery_codes"]


def test_stepping_in_as_somebody_of_the_demo(client, sam):
    from competencies.people.models import Organisation

    Organisation.objects.update(demo=True)
    client.post(reverse("sign_in_as", args=[sam.pk]))

    assert told(sam) == [("signed_in", sam)]
