"""HR changes the email by which somebody signs in: nobody's account is taken over unseen, or at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from competencies.core.clock import today
from competencies.people.models import Organisation, Person
from competencies.people_import.models import Import, Run
from ladder.jobs.import_runs import ask

NEW = "samuel@testing.example"


def describe(client, person, **changed):
    said = {"name": person.name, "email": person.email, **changed}
    return client.post(reverse("person_description", args=[person.pk]), said)


def ask_for_a_link(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def is_open(browser):
    return browser.get(reverse("home")).status_code == 200


@pytest.fixture
def hanas(signed_in, hana):
    return signed_in(hana)


@pytest.fixture
def sams(signed_in, sam):
    """A browser in which Sam is signed in, so that Sam came in before."""
    return signed_in(sam)


def test_the_old_address_is_told(hanas, sams, sam, work, mailoutbox):
    assert describe(hanas, sam, email=NEW).status_code == 302
    work()

    [mail] = mailoutbox
    assert mail.to == [sam.email]
    assert "Hana changed the email" in mail.body


def test_a_new_email_ends_every_session(hanas, sams, sam):
    describe(hanas, sam, email=NEW)

    assert not is_open(sams)
    assert is_open(hanas)


def test_any_other_description_ends_none_and_mails_nobody(hanas, sams, sam, work, mailoutbox):
    describe(hanas, sam, title="Engineer")
    work()

    assert is_open(sams)
    assert mailoutbox == []


def test_hr_stays_signed_in_under_a_new_email_of_their_own(hanas, hana):
    describe(hanas, hana, email="hanna@testing.example")

    assert is_open(hanas)


def test_for_a_day_no_link_sets_a_new_password(client, hanas, sams, sam, work, mailoutbox):
    describe(hanas, sam, email=NEW)
    answer = ask_for_a_link(client, NEW)
    work()

    assert answer.status_code == 302
    assert mailoutbox[-1].to == [NEW]
    assert "no link can set a new password" in mailoutbox[-1].body
    assert "http" not in mailoutbox[-1].body


def test_not_even_whoever_changed_their_own_gets_a_link_at_once(client, hanas, hana, work, mailoutbox):
    """An open window of HR must not be enough to take the account over for good."""
    describe(hanas, hana, email="hanna@testing.example")
    ask_for_a_link(client, "hanna@testing.example")
    work()

    assert "no link can set a new password" in mailoutbox[-1].body


def test_after_a_day_a_link_does(client, hanas, sams, sam, work, mailoutbox, monkeypatch):
    describe(hanas, sam, email=NEW)
    monkeypatch.setattr(
        "ladder.accounts.email_change.now", lambda: timezone.now() + timedelta(days=1, minutes=1)
    )
    ask_for_a_link(client, NEW)
    work()

    assert "/forgotten-password/" in mailoutbox[-1].body


def test_whoever_never_came_in_gets_a_link_at_once_and_nobody_is_told(client, hanas, sam, work, mailoutbox):
    """There is nothing to take over, and the old address may be a slip: that of a stranger."""
    describe(hanas, sam, email=NEW)
    ask_for_a_link(client, NEW)
    work()

    [mail] = mailoutbox
    assert "/forgotten-password/" in mail.body


def test_the_old_address_is_told_also_when_an_import_changes_it(client, sams, sam, hana, work, mailoutbox):
    Person.objects.filter(pk=sam.pk).update(number="7")
    made = Import.upload(
        f"Number,Email\n7,{NEW}\n".encode(), file="people.csv", within=Organisation.here(), by=hana
    )
    made.work_out({"columns": {"number": 0, "email": 1}, "dates": "iso", "leavers": False}, by=hana)
    ask(Import.objects.get(pk=made.pk), Run.Kind.APPLY, by=hana)
    work()
    work()  # one order for all of them gives one for each

    assert not is_open(sams)
    [mail] = mailoutbox
    assert mail.to == [sam.email]
    ask_for_a_link(client, NEW)
    work()
    assert "no link can set a new password" in mailoutbox[-1].body


def test_an_old_session_stays_closed_for_whoever_comes_back(sams, sam, hana):
    sam = sam.leave(on=today(), by=hana)
    Person.objects.get(pk=sam.pk).rejoin(by=hana)

    assert not is_open(sams)


def test_a_leaving_taken_back_in_time_ends_no_session(sams, sam, hana):
    sam.leave(on=today() + timedelta(days=3), by=hana).rejoin(by=hana)

    assert is_open(sams)
