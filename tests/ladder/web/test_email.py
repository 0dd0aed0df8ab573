"""Letters: words are written as they are in the text, and escaped where there is markup."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from competencies.core.clock import now
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
