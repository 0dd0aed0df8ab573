"""A form that comes twice under its key is done once; what is different is done as well."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from competencies.core.clock import now, standing_at
from competencies.evidence.models import Evidence
from competencies.people.idempotency import Sending
from competencies.people.models import IdempotencyKey, Token
from competencies.people_import.models import Import
from competencies.personal_data.erasure import erase
from tests.conftest import BUILT_IN, HTMX, just_confirmed

KEY, OTHER = "a-key-drawn-by-chance", "another-key-of-the-form"
FIELD = re.compile(r'name="once" value="([\w-]{16,64})"')


@pytest.fixture
def piece(competencies):
    return {
        "title": "Split the ledger",
        "happened_on": timezone.localdate().isoformat(),
        "kind": "delivery",
        "competencies": [competencies[0].pk],
    }


@pytest.fixture
def send(signed_in, sam, piece):
    """A function that records a piece of Sam's work: `send(KEY, title="Other")`."""
    browser = signed_in(sam)

    def send(key, **changes):
        headers = changes.pop("headers", {})
        address = reverse("evidence_new", args=[sam.pk])
        return browser.post(address, piece | changes | {"once": key}, headers=headers)

    return send


def test_each_form_that_is_drawn_has_a_key_of_its_own(signed_in, sam):
    browser, address = signed_in(sam), reverse("evidence_new", args=[sam.pk])
    first, second = (FIELD.findall(browser.get(address).content.decode()) for _visit in range(2))

    assert first
    assert not set(first) & set(second)


def test_sent_twice_it_is_done_once_and_leads_to_the_same_place(send):
    first, second = send(KEY), send(KEY)

    assert Evidence.objects.count() == 1
    assert second.status_code == 302
    assert second["Location"] == first["Location"] == Evidence.objects.get().get_absolute_url()


def test_another_content_under_the_same_key_is_taken_as_new(send):
    send(KEY)
    send(KEY, title="Split it again")

    assert Evidence.objects.count() == 2


def test_another_key_is_another_piece(send):
    send(KEY)
    send(OTHER)

    assert Evidence.objects.count() == 2


def test_a_key_belongs_to_its_person_and_to_its_form(send, signed_in, mara, sam, stella, piece):
    send(KEY)
    for person in (sam, stella):
        signed_in(mara).post(reverse("evidence_new", args=[person.pk]), piece | {"once": KEY})

    assert Evidence.objects.count() == 3


def test_a_key_ends_after_a_day_and_is_swept(send):
    send(KEY)
    with standing_at(now() + timedelta(hours=23)):
        send(KEY)
        assert IdempotencyKey.sweep() == 0
    assert Evidence.objects.count() == 1

    with standing_at(now() + timedelta(hours=24, seconds=1)):
        send(KEY)
        assert IdempotencyKey.objects.count() == 1
    assert Evidence.objects.count() == 2
    with standing_at(now() + timedelta(hours=49)):
        assert IdempotencyKey.sweep() == 1


def test_what_was_refused_takes_no_key(send):
    assert send(KEY, title="").status_code == 422
    assert not IdempotencyKey.objects.exists()

    assert send(KEY).status_code == 302


def test_what_was_kept_and_lost_its_answer_is_said_to_be_there(send, monkeypatch):
    monkeypatch.setattr("ladder.web.idempotency.LOOKS", 1)
    monkeypatch.setattr("ladder.web.idempotency.BETWEEN", 0)
    send(KEY)
    IdempotencyKey.objects.update(status=None, location="")

    response = send(KEY)

    assert Evidence.objects.count() == 1
    assert response["Location"] == reverse("home")
    assert "was already received and saved once" in str(response.wsgi_request._messages._queued_messages[0])


def test_by_htmx_a_page_without_another_place_is_read_again(signed_in, full_case, mara, competencies):
    browser, address = signed_in(mara), reverse("claims", args=[full_case.pk])
    claim = {"version": 0, "competency": competencies[1].pk, "text": "Leads.", "result": "Two.", "once": KEY}
    first, second = (browser.post(address, claim, headers=HTMX) for _time in range(2))

    assert first.status_code == 200
    assert second["HX-Refresh"] == "true"
    assert full_case.claims.count() == 2


def test_a_key_that_is_shown_once_is_kept_nowhere(signed_in, sam):
    browser = just_confirmed(signed_in(sam), sam)
    first, second = (
        browser.post(reverse("tokens"), {"label": "x", "scope": "read", "days": 3, "once": KEY})
        for _time in range(2)
    )
    shown = re.search(r"ladder_[\w-]{40,}", first.content.decode())[0]
    kept = IdempotencyKey.objects.get()

    assert Token.objects.count() == 1
    assert second.status_code == 302
    assert shown not in f"{kept.location} {kept.body} {kept.mark} {kept.content}"


def test_files_are_part_of_what_is_sent(signed_in, hana, aude, edition):
    browser = signed_in(hana)
    for row in ("1,Ada", "1,Ada", "2,Bea"):
        file = SimpleUploadedFile("people.csv", f"number,name\n{row}\n".encode())
        browser.post(reverse("import_new"), {"file": file, "once": KEY})
    assert Import.objects.count() == 2

    author, said = signed_in(aude), b"Designs the services they own."
    numbers = []
    for title in (b"Designs services.", b"Designs services.", b"Draws services."):
        file = SimpleUploadedFile("l.yaml", BUILT_IN.read_bytes().replace(said, title))
        numbers.append(author.post(reverse("edition_import"), {"file": file, "once": KEY})["Location"])
    assert numbers[0] == numbers[1] != numbers[2]


def test_an_erasure_leaves_no_answer(send, gone, hana):
    send(KEY)
    erase(gone, by=hana)

    assert not IdempotencyKey.objects.exists()


def test_a_key_is_kept_as_digests_alone(send, sam, piece):
    send(KEY)
    kept = IdempotencyKey.objects.get()
    again = Sending(sam, "elsewhere", KEY, [piece, {}])

    assert KEY not in kept.mark
    assert again.earlier() is None


# by program


@pytest.fixture
def ask(signed_in, sam, piece):
    """A function that records a piece by the API: `ask(KEY, title="Other")`."""
    browser = just_confirmed(signed_in(sam), sam)

    def ask(key, path="evidence", body=None, **changes):
        body = body or {"person": sam.pk, **piece, **changes}
        headers = {"Idempotency-Key": key} if key is not None else {}
        return browser.post(f"/api/v1/{path}/", body, content_type="application/json", headers=headers)

    return ask


def test_a_program_is_given_the_first_answer_again(ask):
    first, second = ask(KEY), ask(KEY)

    assert Evidence.objects.count() == 1
    assert (second.status_code, second.json()) == (201, first.json())
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first


def test_a_program_that_sends_something_else_under_a_key_is_refused(ask):
    ask(KEY)
    response = ask(KEY, title="Another")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency-key-reused")
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "käse"])
def test_a_key_that_is_none_is_refused(ask, key):
    response = ask(key.encode().decode("latin-1") if key.isascii() is False else key)

    assert response.status_code == 400
    assert "Idempotency-Key" in response.json()["errors"]


def test_without_a_key_a_program_makes_two(ask):
    ask(None)
    ask(None)

    assert Evidence.objects.count() == 2


def test_a_token_made_by_program_is_shown_once(ask):
    body = {"label": "nightly"}
    first, second = ask(KEY, "tokens", body), ask(KEY, "tokens", body)

    assert first.json()["key"].startswith("ladder_")
    assert second.json() == first.json() | {"key": ""}
    assert Token.objects.count() == 1
    assert first.json()["key"] not in IdempotencyKey.objects.get().body


def test_the_first_answer_is_not_given_to_who_may_not_read_it_any_more(ask, sam, mara):
    piece = Evidence.objects.get(pk=ask(KEY).json()["id"])
    Evidence.objects.filter(pk=piece.pk).update(person=mara, author=mara)

    assert ask(KEY).status_code == 404


def test_a_program_whose_answer_was_lost_is_told_so(ask, monkeypatch):
    monkeypatch.setattr("ladder.web.idempotency.LOOKS", 0)
    ask(KEY)
    IdempotencyKey.objects.update(status=None, body="")

    assert (ask(KEY).status_code, ask(KEY).json()["code"]) == (409, "answer-lost")


@pytest.mark.parametrize("form", ["account_reauthenticate", "account_change_password"])
def test_nothing_is_kept_of_a_password(signed_in, sam, form):
    """A keyed digest is guessed in no time by whoever holds a backup with the key."""
    sam.set_password("correct horse battery")
    sam.save()
    typed = {"password": "correct horse battery", "oldpassword": "correct horse battery"}
    typed |= {"password1": "quite another one", "password2": "quite another one", "once": KEY}

    assert signed_in(sam).post(reverse(form), typed).status_code == 302
    assert not IdempotencyKey.objects.exists()


def test_whoever_looks_twice_what_became_of_a_form_is_told_twice(signed_in, sam):
    """It is sent with the form and its key, to be filled in again, and keeps nothing."""
    browser, typed = signed_in(sam), {"_outcome": "", "_action": "/evidence/", "text": "Words", "once": KEY}
    first, second = (browser.post(reverse("outcome"), typed) for _look in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert not IdempotencyKey.objects.exists()
