"""Asking for endorsements in the browser: the letter, the reminder, the recall."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import caches

from competencies.core.clock import now, standing_at
from competencies.promotions.models.endorsement import EndorsementRequest, ask

PETRA = {
    "name": "Petra Partner",
    "email": "petra@elsewhere.example",
    "relation": "partner",
    "outside": "outside",
    "note": "Of the split, please.",
}
KEY = re.compile(r"http://testserver/endorsements/([\w-]+)/")


@pytest.fixture(autouse=True)
def at_once(settings):
    """Background work is done at once."""
    caches["process"].clear()
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def asked(case, mara):
    return ask(case, by=mara, name="Petra", email="petra@elsewhere.example", relation="partner", outside=True)


def words(response):
    return " ".join(response.content.decode().split())


def url(case):
    return f"/cases/{case.pk}/endorsements/"


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {}], ids=["htmx", "plain"])
def test_a_letter_with_the_link_goes_out_and_nothing_of_the_case_with_it(
    signed_in, full_case, mara, sam, headers
):
    response = signed_in(mara).post(
        url(full_case), PETRA | {"email": "new@elsewhere.example"}, headers=headers
    )

    letter = mail.outbox[0]
    assert response.url == f"/cases/{full_case.pk}/#endorsements"
    assert letter.to == ["new@elsewhere.example"]
    assert letter.subject == "Mara asks you to endorse Sam"
    for expected in ("Mara at Testing Ltd asks", "Of the split, please."):
        assert expected in letter.body
    for kept in ("Text of", "ledger", "Piece 1", mara.email, sam.email):
        assert kept not in str(letter.message())
    asked = EndorsementRequest.objects.bearing(KEY.search(letter.body)[1])
    assert (asked.name, asked.outside, asked.case) == ("Petra Partner", True, full_case)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "nowhere"),
        ("email", "sam@testing.example"),
        ("email", "mara@testing.example"),
        ("relation", "friend"),
        ("outside", ""),
        ("note", "x" * 1_001),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(signed_in, case, mara, field, value):
    response = signed_in(mara).post(url(case), PETRA | {field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not EndorsementRequest.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize("who", ["sam", "dora", "hana", "noor", "otto"])
def test_for_others_there_is_nothing_to_ask(request, signed_in, case, asked, who):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(url(case)).status_code == 404
    assert client.post(url(case), PETRA).status_code == 404
    assert client.post(f"/endorsement-requests/{asked.pk}/reminder/").status_code == 404
    assert client.post(f"/endorsement-requests/{asked.pk}/recall/").status_code == 404


def test_one_is_reminded_once_a_week(signed_in, case, asked, mara):
    client = signed_in(mara)
    address = f"/endorsement-requests/{asked.pk}/reminder/"
    client.post(address)
    assert "got an email within the last week" in words(client.post(address, follow=True))
    assert len(mail.outbox) == 1

    with standing_at(now() + timedelta(days=8)):
        client.post(address)

    assert mail.outbox[1].subject == "Reminder: Mara asks you to endorse Sam"
    first, second = (KEY.search(letter.body)[1] for letter in mail.outbox)
    assert EndorsementRequest.objects.bearing(first) == EndorsementRequest.objects.bearing(second) == asked


def test_what_is_taken_back_opens_nothing(signed_in, client, case, asked, mara):
    key = asked.issue_key(by=mara)
    response = signed_in(mara).post(f"/endorsement-requests/{asked.pk}/recall/")

    assert response.url.endswith(f"#endorsement-{asked.pk}")
    assert "Withdrawn" in words(signed_in(mara).get(f"/cases/{case.pk}/"))
    assert client.get(f"/endorsements/{key}/", follow=True).status_code == 404


def test_a_letter_that_cannot_be_sent_does_not_count(signed_in, case, mara, monkeypatch):
    def refuse(*_arguments, **_options):
        raise ConnectionRefusedError

    monkeypatch.setattr("ladder.jobs.email_outbox.send", refuse)
    signed_in(mara).post(url(case), PETRA)

    asked = EndorsementRequest.objects.get()
    assert not asked.letters.exists()
    assert "email not sent yet" in words(signed_in(mara).get(f"/cases/{case.pk}/"))


def test_without_a_mail_server_it_says_where_the_letter_is(signed_in, case, mara, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path

    page = words(signed_in(mara).post(url(case), PETRA, follow=True))

    assert "No mail server is set up" in page
    assert "/endorsements/" not in page.replace(url(case), "")
    assert list(tmp_path.iterdir())


def test_the_asker_sees_what_came_of_each(signed_in, case, asked, mara):
    asked.endorse("She **led** it.", relation="mentor", outside=True)
    other = ask(case, by=mara, name="Olga", email="o@elsewhere.example", relation="peer", outside=False)
    other.decline("I was away.")

    page = words(signed_in(mara).get(f"/cases/{case.pk}/"))

    for expected in ("She <strong>led</strong> it.", "Mentor", "corrected by them", "I was away."):
        assert expected in page


def test_the_queries_do_not_grow_with_those_who_are_asked(signed_in, case, asked, mara):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, address = signed_in(mara), f"/cases/{case.pk}/"

    def queries():
        client.get(address)
        with CaptureQueriesContext(connection) as made:
            assert client.get(address).status_code == 200
        return len(made)

    few = queries()
    for number in range(5):
        more = ask(
            case, by=mara, name="P", email=f"p{number}@elsewhere.example", relation="peer", outside=True
        )
        more.issue_key(by=mara)
    assert queries() <= few


def test_by_get_nothing_is_sent(signed_in, asked, mara):
    assert signed_in(mara).get(f"/endorsement-requests/{asked.pk}/reminder/").status_code == 302


def test_before_a_request_is_withdrawn_it_is_said_what_that_closes(signed_in, asked, mara):
    page = words(signed_in(mara).get(f"/endorsement-requests/{asked.pk}/recall/"))

    assert "stop working at once" in page
    asked.refresh_from_db()
    assert asked.state == "asked"


@pytest.mark.parametrize("ask", ["get", "post"])
def test_who_withdrew_a_request_is_told_so_and_others_are_not(signed_in, asked, mara, hana, kit, ask):
    address = f"/endorsement-requests/{asked.pk}/recall/"
    asked.take_back(by=mara)

    again = getattr(signed_in(mara), ask)(address, follow=True)

    assert again.redirect_chain == [(asked.get_absolute_url(), 302)]
    assert "You have already withdrawn this request." in words(again)
    for person in (hana, kit):
        assert getattr(signed_in(person), ask)(address).status_code == 404
