"""Letters: words are written as they are in the text, and escaped where there is markup."""

import pytest

from competencies.access.clock import now
from competencies.people.models import Organisation
from ladder import letters

NAME, ATTACK = "R&D <b>West</b>", "<script>alert(1)</script>"
LETTERS = {
    "organisation/mail/second_factor_reset": {"link": "https://ladder.example/"},
    "people/mail/new_email": {"link": "https://ladder.example/"},
}


@pytest.mark.parametrize("letter", LETTERS)
def test_a_name_is_text_in_the_text_and_escaped_in_the_markup(letter, sam, mailoutbox):
    Organisation.objects.update(name=NAME)

    letters.send(sam, letter, LETTERS[letter])

    mail = mailoutbox[0]
    markup, kind = mail.alternatives[0]
    assert kind == "text/html"
    assert NAME in mail.subject + mail.body
    assert "&amp;" not in mail.subject + mail.body
    assert "R&amp;D &lt;b&gt;West" in markup
    assert ATTACK not in markup
    assert NAME not in markup


@pytest.mark.parametrize("letter", ["notice", "reset", "reset_rests"])
def test_a_letter_without_markup_is_plain_text_alone(letter, sam, mailoutbox):
    Organisation.objects.update(name=NAME)

    letters.send(sam, f"accounts/mail/{letter}", {"what": ATTACK, "link": "/", "until": now()}, markup=False)

    mail = mailoutbox[0]
    assert mail.alternatives == []
    assert mail.content_subtype == "plain"
    assert NAME in mail.subject
