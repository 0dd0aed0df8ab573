"""Somebody who was asked opens the link, reads what it is for, and answers once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from competencies.core.clock import now, standing_at
from competencies.promotions.models.endorsement import (
    Endorsement,
    EndorsementRefusal,
    EndorsementRequest,
    ask,
)

TOKENS = re.compile(rb'(?<=value=")[^"]{64}(?=")|(?<=Token": ")[^"]*')
HERE = "/endorsement/"
SAID = {"text": "She led it.", "relation": "mentor", "outside": "inside"}


@pytest.fixture
def at_once(settings):
    """Background work is done at once."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def asked(full_case, mara):
    return ask(
        full_case,
        by=mara,
        name="Olga Other",
        email="olga@elsewhere.example",
        relation="partner",
        outside=True,
        note="Of the split, please.",
    )


@pytest.fixture
def link(asked, mara):
    return f"/endorsements/{asked.issue_key(by=mara)}/"


@pytest.fixture
def opened(client, link):
    """A browser without an account, that followed the link."""
    client.get(link)
    return client


def words(response):
    return " ".join(response.content.decode().split())


def test_the_key_leaves_the_address_at_once(client, link):
    response = client.get(link)

    assert response.url == HERE
    assert link.split("/")[2] not in words(client.get(HERE))


def test_looking_uses_nothing_up(client, link, asked):
    for _scanner in range(3):
        Client().get(link, follow=True)

    assert words(client.get(link, follow=True)).count("Olga Other, Mara asks you") == 1
    assert EndorsementRequest.objects.active().filter(pk=asked.pk).exists()


def test_it_says_who_asks_for_whom_for_what_and_who_will_read_it_and_nothing_of_the_case(opened):
    page = words(opened.get(HERE))

    for expected in (
        "Endorse Sam",
        "from Senior to Staff",
        "Of the split, please.",
        "Mara, who sponsors the case",
        "the committee, HR and the managers above the candidate",
        "Sam, with your name",
    ):
        assert expected in page
    for kept in ("Text of", "ledger", "Petra", "Piece 1", "They led the split", "/cases/"):
        assert kept not in page


def test_the_answer_is_sent_once_with_the_relation_as_they_put_it(opened, asked):
    response = opened.post(HERE, SAID)

    endorsement = Endorsement.objects.get(request=asked)
    assert response.url == HERE
    assert "Thank you" in words(opened.get(HERE))
    assert (endorsement.text, endorsement.request.relation) == ("She led it.", "mentor")
    assert not endorsement.request.outside
    assert opened.post(HERE, SAID | {"text": "Once more."}).status_code == 404
    assert Endorsement.objects.get(request=asked).text == "She led it."


@pytest.mark.parametrize(
    ("where", "said", "subject"),
    [
        (HERE, SAID, "Olga Other has endorsed Sam"),
        ("/endorsement/refusal/", {"reason": "She led it."}, "Olga Other declined to endorse Sam"),
    ],
)
def test_who_asked_is_told_that_an_answer_is_there_and_none_of_its_words(
    at_once, opened, asked, full_case, mara, where, said, subject
):
    mail.outbox.clear()
    opened.post(where, said)
    opened.post(where, said)

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([mara.email], subject)
    assert f"/cases/{full_case.pk}/#endorsement-{asked.pk}" in letter.body
    assert "She led it." not in str(letter.message())


def test_who_may_not_read_the_answer_any_more_is_not_told(at_once, opened, asked, mara):
    mara.leaves_on = now().date() - timedelta(days=1)
    mara.save(update_fields=["leaves_on"])
    mail.outbox.clear()
    opened.post(HERE, SAID)

    assert Endorsement.objects.filter(request=asked).exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", ""), ("text", "  "), ("text", "x" * 8_001), ("relation", "friend"), ("outside", "perhaps")],
)
def test_a_refused_answer_keeps_what_was_typed(opened, field, value):
    response = opened.post(HERE, SAID | {field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    if field != "text":
        assert "She led it." in words(response)
    assert not Endorsement.objects.filter(text__startswith="She").exists()


def test_one_may_rather_not(opened, asked):
    response = opened.post("/endorsement/refusal/", {"reason": "I was away."})

    assert response.url == HERE
    assert "Thank you" in words(opened.get(HERE))
    assert EndorsementRefusal.objects.get(request=asked).reason == "I was away."
    assert opened.post("/endorsement/refusal/", {}).status_code == 404


def test_a_reason_without_end_is_refused(opened, asked):
    assert opened.post("/endorsement/refusal/", {"reason": "x" * 1_001}).status_code == 422
    assert not EndorsementRefusal.objects.exists()


def answer_to(link):
    client = Client()
    response = client.get(link)
    after = client.get(response.url)
    return response.status_code, response.url, after.status_code, TOKENS.sub(b"", after.content)


def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(link, asked, full_case, mara):
    unknown = answer_to(f"/endorsements/{'x' * 43}/")
    with standing_at(now() + EndorsementRequest.LIVES + timedelta(seconds=1)):
        assert answer_to(link) == unknown
    asked.endorse("She led it.", relation="peer", outside=True)
    assert answer_to(link) == unknown
    assert unknown[2] == 404

    other = ask(full_case, by=mara, name="B", email="b@elsewhere.example", relation="peer", outside=True)
    recalled = f"/endorsements/{other.issue_key(by=mara)}/"
    other.take_back(by=mara)
    assert answer_to(recalled) == unknown


def test_what_was_typed_into_a_request_that_ended_meanwhile_is_given_back(opened, asked, mara):
    asked.take_back(by=mara)

    response = opened.post(HERE, SAID | {"text": "A page of <b>work</b>."})

    assert response.status_code == 404
    assert "A page of &lt;b&gt;work&lt;/b&gt;." in words(response)


@pytest.mark.parametrize("who", ["sam", "mara"])
def test_candidate_and_sponsor_do_not_answer_in_another_name(request, signed_in, link, asked, who):
    client = signed_in(request.getfixturevalue(who))
    client.get(link)

    assert client.get(HERE).status_code == 404
    assert client.post(HERE, SAID).status_code == 404
    assert not Endorsement.objects.filter(request=asked).exists()


def test_somebody_with_an_account_gets_the_page_and_nothing_else(signed_in, full_case, mara, kit):
    request = ask(full_case, by=mara, name="Kit", email=kit.email, relation="peer", outside=True)
    client = signed_in(kit)

    assert "Endorse Sam" in words(client.get("/"))
    response = client.get(f"/endorsement-requests/{request.pk}/", follow=True)
    assert "Kit, Mara asks you" in words(response)
    assert client.get(f"/cases/{full_case.pk}/").status_code == 404

    client.post(HERE, SAID)
    assert Endorsement.objects.get(request=request).text == "She led it."
    again = client.get(f"/endorsement-requests/{request.pk}/", follow=True)
    assert again.redirect_chain == [("/", 302)]
    assert "You have already answered this request for an endorsement." in words(again)


@pytest.mark.parametrize("who", ["sam", "mara", "noor", "hana"])
def test_others_do_not_come_to_the_page_of_an_account(request, signed_in, full_case, mara, kit, who):
    asked = ask(full_case, by=mara, name="Kit", email=kit.email, relation="peer", outside=True)

    client = signed_in(request.getfixturevalue(who))

    assert client.get(f"/endorsement-requests/{asked.pk}/").status_code == 404


def test_it_is_not_kept_in_any_cache(opened, link):
    assert "no-store" in opened.get(HERE)["Cache-Control"]
    assert opened.get(link)["Referrer-Policy"]


def test_too_many_answers_are_held_back(opened, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"endorsement": "2/5m/key"}
    statuses = [opened.post(HERE, SAID | {"text": ""}).status_code for _try in range(3)]

    assert statuses == [422, 422, 429]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_nothing_else_is_answered(opened, method):
    assert getattr(opened, method)(HERE).status_code == 405
