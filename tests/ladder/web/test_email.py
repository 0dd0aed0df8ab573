"""Letters: words are written as they are in the text, and escaped where there is markup."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from competencies.core.clock import Calendar, calendar_held, now, standing_at
from competencies.people.models import Organisation
from ladder.web.email import send

NAME, ATTACK = "R&D <b>West</b>", "<script>alert(1)</script>"
TEMPLATES = Path(__file__).parents[3] / "templates"
LINK = {"link": "https://ladder.example/"}
CASE = SimpleNamespace(subject=SimpleNamespace(name=NAME), to_level=SimpleNamespace(title=NAME))
ASKED = SimpleNamespace(name=NAME, by=SimpleNamespace(name=NAME), note=f"{NAME}\n{ATTACK}", expires_at=now())
ABOUT = LINK | {"asked": ASKED, "case": CASE}
LETTERS = {
    "organisation/mail/second_factor_reset": LINK,
    "people/mail/new_email": LINK,
    "onboarding/mail/invitation": LINK | {"until": now()},
    "committees/mail/call": LINK | {"committee": SimpleNamespace(name=f"{NAME}{ATTACK}")},
    "endorsements/mail/request": ABOUT,
    "endorsements/mail/answered": ABOUT | {"given": True},
}
PLAIN = ("notice", "reset", "reset_rests")


@pytest.mark.parametrize("letter", LETTERS)
def test_a_name_is_text_in_the_text_and_escaped_in_the_markup(letter, sam, mailoutbox):
    Organisation.objects.update(name=NAME)

    send(sam, letter, LETTERS[letter])

    mail = mailoutbox[0]
    markup, kind = mail.alternatives[0]
    assert kind == "text/html"
    assert NAME in mail.subject + mail.body
    assert "&amp;" not in mail.subject + mail.body
    assert "R&amp;D &lt;b&gt;West" in markup
    assert ATTACK not in markup
    assert NAME not in markup


def test_no_letter_goes_untried():
    """Text switches escaping off, as nothing reads it as markup; so each is tried here for both its forms."""
    there = {str(file.relative_to(TEMPLATES).with_suffix("")) for file in TEMPLATES.glob("*/mail/*.txt")}
    assert there == {*LETTERS, *(f"accounts/mail/{letter}" for letter in PLAIN), "trail/mail/head"}


@pytest.mark.parametrize("letter", PLAIN)
def test_a_letter_without_markup_is_plain_text_alone(letter, sam, mailoutbox):
    Organisation.objects.update(name=NAME)

    send(sam, f"accounts/mail/{letter}", {"what": ATTACK, "link": "/", "until": now()}, markup=False)

    mail = mailoutbox[0]
    assert mail.alternatives == []
    assert mail.content_subtype == "plain"
    assert NAME in mail.subject


@pytest.mark.parametrize(
    ("chosen", "of_browser", "said"),
    [
        ("Asia/Tokyo", "Europe/Lisbon", "Fri 11 Dec, 02:00 your time"),
        ("", "Europe/Lisbon", "Thu 10 Dec, 17:00 your time"),
        ("", "", "Thu 10 Dec, 18:00 (Europe/Berlin)"),
    ],
)
@pytest.mark.parametrize("letter", ["onboarding/mail/invitation", "endorsements/mail/request"])
def test_times_are_told_in_the_zone_of_the_receiver(letter, sam, mailoutbox, chosen, of_browser, said):
    at = datetime(2026, 12, 10, 17, 0, tzinfo=UTC)
    sam.time_zone, sam.browser_time_zone = chosen, of_browser
    asked = SimpleNamespace(**vars(ASKED) | {"expires_at": at})
    context = ABOUT | {"asked": asked, "invitation": SimpleNamespace(expires_at=at)}

    with calendar_held(Calendar(ZoneInfo("Europe/Berlin"))), standing_at(at - timedelta(days=3)):
        send(sam, letter, context)

    assert said in mailoutbox[0].body
    assert said in mailoutbox[0].alternatives[0][0]


def test_a_time_of_another_year_says_which(sam, mailoutbox):
    sam.time_zone = "Europe/Lisbon"
    at = datetime(2032, 1, 2, 17, 0, tzinfo=UTC)

    with standing_at(datetime(2031, 12, 31, 12, tzinfo=UTC)):
        send(sam, "accounts/mail/reset_rests", {"until": at}, markup=False)

    assert "Fri 2 Jan 2032, 17:00 your time" in mailoutbox[0].body


def test_whoever_has_no_account_is_told_the_organisations_zone(db, mailoutbox):
    at = datetime(2026, 12, 10, 17, 0, tzinfo=UTC)
    asked = SimpleNamespace(**vars(ASKED) | {"expires_at": at})

    with calendar_held(Calendar(ZoneInfo("Europe/Berlin"))), standing_at(at - timedelta(days=3)):
        send(None, "endorsements/mail/request", ABOUT | {"asked": asked}, to="petra@elsewhere.example")

    assert "Thu 10 Dec, 18:00 (Europe/Berlin)" in mailoutbox[0].body
