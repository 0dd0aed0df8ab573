"""What is answered while nothing can be: 503, a sentence, when to come again, and the form as it was sent."""

import errno
import json
import re
import sqlite3
from types import SimpleNamespace

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.test import Client

from competencies.evidence.models import Evidence
from competencies.trail.models import Head, record
from ladder.ops.maintenance import Migrating
from ladder.ops.outages import Away, Busy, Full, outage_of
from ladder.web.commit_outcomes import is_kept, witness
from ladder.web.outage_pages import answer_exception
from tests.conftest import HTMX

WORDS = "Two teams stopped waiting.\n\nIt took a <month>."


def of_sqlite(code, message="broken"):
    cause = sqlite3.OperationalError(message)
    cause.sqlite_errorcode = code
    return caused_by(cause)


def caused_by(cause):
    try:
        try:
            raise cause
        except type(cause) as problem:
            raise OperationalError(str(problem)) from problem
    except OperationalError as problem:
        return problem


def of_postgres(state):
    return caused_by(psycopg.errors.lookup(state)("broken"))


@pytest.mark.parametrize(
    ("exception", "kind"),
    [
        (of_sqlite(sqlite3.SQLITE_BUSY), Busy),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), Busy),
        (of_sqlite(sqlite3.SQLITE_FULL), Full),
        (of_sqlite(sqlite3.SQLITE_IOERR_FSYNC), Away),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN), Away),
        (of_sqlite(sqlite3.SQLITE_READONLY), Away),
        (of_postgres("57P01"), Away),
        (of_postgres("08006"), Away),
        (of_postgres("53100"), Full),
        (of_postgres("53300"), Busy),
        (of_postgres("55P03"), Busy),
        (of_postgres("40P01"), Busy),
        (caused_by(psycopg.OperationalError("the connection is closed")), Away),
        (OSError(errno.ENOSPC, "No space left on device"), Full),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), Full),
        (Migrating(), Migrating),
    ],
    ids=lambda value: getattr(value, "__name__", None) or repr(value)[:40],
)
def test_what_libraries_raise_is_told_apart(exception, kind):
    assert type(outage_of(exception)) is kind


@pytest.mark.parametrize(
    "exception",
    [
        of_sqlite(sqlite3.SQLITE_ERROR, "no such table"),
        of_postgres("42P01"),
        FileNotFoundError(errno.ENOENT, "gone"),
        ValueError("a fault of ours"),
    ],
    ids=repr,
)
def test_a_fault_of_ours_is_none(exception):
    assert outage_of(exception) is None


@pytest.fixture
def broken(monkeypatch):
    """A function that has the recording of evidence meet `exception`."""

    def breaks(exception):
        def fails(*args, **kwargs):
            raise exception

        monkeypatch.setattr(Evidence, "log", fails)

    return breaks


def evidence_of(person, competencies):
    return {"title": "The ledger split", "happened_on": "2026-01-05", "kind": "delivery", "text": WORDS,
            "link": "", "competencies": [str(competency.pk) for competency in competencies[:2]]}  # fmt: skip


def outcome_of(page):
    """Return the witness that the button of a page sends which looks whether something was saved."""
    return re.search(r'name="_outcome"\s+value="([^"]+)"', page)[1]


def fields_of(page):
    """Return what the form on a page would send, as the browser reads it: `{name: [value, …]}`."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found, self.area = {}, None

        def handle_starttag(self, tag, attributes):
            attributes = dict(attributes)
            if tag == "input" and "name" in attributes:
                self.found.setdefault(attributes["name"], []).append(attributes.get("value") or "")
            if tag == "textarea":
                self.area = attributes["name"]
                self.found.setdefault(self.area, []).append("")

        def handle_data(self, data):
            if self.area:
                self.found[self.area][-1] += data

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.found[self.area][-1] = self.found[self.area][-1].removeprefix("\n")
                self.area = None

    reader = Reader()
    reader.feed(page)
    return reader.found


@pytest.mark.parametrize("kind", [Away, Busy, Full, Migrating])
def test_a_page_asked_meanwhile_says_when_to_come_again(signed_in, sam, monkeypatch, kind):
    def fails(*args, **kwargs):
        raise kind

    monkeypatch.setattr("ladder.pages.evidence.timelines._timeline", fails)
    response = signed_in(sam).get("/evidence/")

    assert response.status_code == 503
    assert response["Retry-After"] == str(kind.wait)
    assert str(kind()) in response.content.decode()
    assert 'href="/evidence/"' in response.content.decode()


def test_a_form_comes_back_with_all_that_was_typed(signed_in, sam, competencies, broken):
    broken(of_sqlite(sqlite3.SQLITE_BUSY))
    address, typed = f"/people/{sam.pk}/evidence/new/", evidence_of(sam, competencies)
    response = signed_in(sam).post(address, typed)
    page = response.content.decode()

    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert f'action="{address}"' in page
    assert "data-again" in page
    found = fields_of(page)
    assert found.pop("csrfmiddlewaretoken") != [""]
    expected = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    assert {name: found[name] for name in expected} == expected


def test_sent_again_as_it_came_back_it_is_kept_once(signed_in, sam, competencies, broken, monkeypatch):
    broken(of_sqlite(sqlite3.SQLITE_FULL))
    address = f"/people/{sam.pk}/evidence/new/"
    client = signed_in(sam)
    page = client.post(address, evidence_of(sam, competencies)).content.decode()
    monkeypatch.undo()
    response = client.post(address, fields_of(page))

    assert response.status_code == 302
    assert [piece.text for piece in Evidence.objects.filter(person=sam)] == [WORDS]


def test_a_file_is_asked_for_again_in_words_and_not_sent_by_itself(signed_in, hana, monkeypatch):
    def fails(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("competencies.people_import.models.Import.upload", fails)
    file = SimpleUploadedFile("people.csv", b"Name\nAda\n")
    page = signed_in(hana).post("/people/import/new/", {"file": file}).content.decode()

    assert "The file “people.csv” couldn’t be kept. Choose it again." in page
    assert '<input type="file"' in page
    assert 'enctype="multipart/form-data"' in page
    assert "data-again" not in page


def test_a_password_does_not_come_back(monkeypatch, db):
    def fails(*args, **kwargs):
        raise of_sqlite(sqlite3.SQLITE_BUSY)

    monkeypatch.setattr("ladder.pages.shell.sessions.SignIn.post", fails)
    page = Client().post("/sign-in/", {"login": "sam@testing.example", "password": "quite secret"}).content

    assert b"sam@testing.example" in page
    assert b"quite secret" not in page
    assert b'type="password"' in page
    assert b"data-again" not in page


@pytest.mark.parametrize(
    "secrets",
    [{"password": "quite secret", "again": "quite secrets"}, {"code": "8f3a-quite-secret"}],
    ids=lambda secrets: "+".join(secrets),
)
def test_no_secret_comes_back_where_no_view_was_reached(db, monkeypatch, secrets):
    """A password that is typed twice may differ, and a code of recovery opens as much as a password."""

    def fails():
        raise Migrating

    monkeypatch.setattr("ladder.web.middleware.sharing", fails)
    page = Client().post("/invitation/", secrets | {"name": "Sam"}).content.decode()

    assert 'value="Sam"' in page
    assert "quite" not in page
    assert page.count('type="password"') == len(secrets)


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_form_of_a_stranger_is_never_made_ours(sam, competencies, monkeypatch, is_ours):
    """Nobody may have a form sent by us that their own page could not send, also where nobody looked yet."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(sam)
    client.get(f"/people/{sam.pk}/evidence/new/")
    typed = evidence_of(sam, competencies) | {"title": "Planted by another page"}
    if is_ours:
        typed["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value

    def fails():
        raise Migrating

    monkeypatch.setattr("ladder.web.middleware.sharing", fails)
    page = client.post(f"/people/{sam.pk}/evidence/new/", typed)

    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert (b"Planted by another page" in page.content) is is_ours


@pytest.mark.parametrize("how", ["api", "htmx"])
def test_a_program_is_answered_with_a_problem(signed_in, sam, competencies, broken, monkeypatch, how):
    broken(of_sqlite(sqlite3.SQLITE_BUSY))
    client = signed_in(sam)
    if how == "htmx":
        address = f"/people/{sam.pk}/evidence/new/"
        response = client.post(address, evidence_of(sam, competencies), headers=HTMX)
    else:
        monkeypatch.setattr("ladder.api.people.as_they_stand", lambda *args: (_ for _ in ()).throw(Busy()))
        response = client.get("/api/v1/me/")

    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "unavailable"
    assert "busy" in response.json()["detail"]


def test_what_middleware_meets_is_an_outage_too(sam, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(sam)

    def fails(*args, **kwargs):
        raise of_postgres("57P01")

    monkeypatch.setattr("django.contrib.auth.middleware.get_user", fails)
    response = client.get("/evidence/")

    assert (response.status_code, response["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("kept", [True, False])
def test_a_witness_tells_whether_its_transaction_was_kept(sam, kept):
    class Undone(Exception):
        pass

    try:
        with transaction.atomic():
            record("evidence.logged", sam, by=sam, about=sam)
            seen = witness()
            if not kept:
                raise Undone
    except Undone:
        pass

    assert is_kept(seen) is kept


def test_a_witness_tells_nobody_which_entry_it_is(sam):
    record("evidence.logged", sam, by=sam, about=sam)

    assert Head.here().digest not in witness()
    assert is_kept("made up") is None


@pytest.mark.parametrize(
    ("kept", "said"), [(True, "Your change was saved"), (False, "Your change was not saved")]
)
def test_the_page_looks_and_says_which(signed_in, sam, kept, said):
    with transaction.atomic():
        record("evidence.logged", sam, by=sam, about=sam)
        seen = witness()
        if not kept:
            transaction.set_rollback(True)
    typed = {"_outcome": seen, "_action": "/evidence/", "_back": "/", "text": WORDS}
    page = signed_in(sam).post("/outcome/", typed).content.decode()

    assert said in page
    assert (fields_of(page).get("text") == [WORDS]) is not kept
    assert signed_in(sam).post("/outcome/", typed, headers=HTMX).json() == {"kept": kept}


def test_an_address_that_is_not_ours_is_not_led_to(client, db):
    elsewhere = {"_outcome": "x", "_action": "https://elsewhere.example/", "_back": "//x.example"}
    page = client.post("/outcome/", elsewhere)

    assert b"example" not in page.content
    assert re.search(r'action="/(outcome/)?"', page.content.decode())


def test_what_was_kept_before_the_outage_is_said_to_be_kept(rf, sam, monkeypatch):
    """An order was committed, and what it sends on met the outage."""

    def fails():
        raise of_sqlite(sqlite3.SQLITE_BUSY)

    monkeypatch.setattr(connection, "validate_no_atomic_block", lambda: None)
    monkeypatch.setattr(connection, "run_on_commit", [(set(), fails, False)])
    with pytest.raises(OperationalError) as met:
        connection.run_and_clear_commit_hooks()
    page = answer_exception(rf.post("/cases/1/packets/"), met.value)
    problem = answer_exception(rf.post("/cases/1/packets/", headers=HTMX), met.value)

    assert "Your change was saved" in page.content.decode()
    assert b"<form" not in page.content
    assert json.loads(problem.content)["code"] == "kept"


@pytest.mark.parametrize("after", ["session", "key"])
def test_what_was_kept_is_not_said_to_be_lost_where_what_comes_after_it_breaks(
    signed_in, sam, competencies, monkeypatch, after
):
    """The work is committed; its session, or how it was answered, is kept by a transaction of its own."""
    client, typed = signed_in(sam), evidence_of(sam, competencies) | {"once": "a-key-drawn-by-chance"}
    client.raise_request_exception = False

    def fails(*args, **kwargs):
        raise of_postgres("57P01")

    monkeypatch.setattr(
        "ladder.web.commit_outcomes.transaction", SimpleNamespace(on_commit=lambda kept: kept())
    )
    if after == "key":
        monkeypatch.setattr("competencies.people.idempotency.Sending.answer", fails)
    else:
        monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", fails)
        monkeypatch.setattr("django.conf.settings.SESSION_SAVE_EVERY_REQUEST", True)
    page = client.post(f"/people/{sam.pk}/evidence/new/", typed).content.decode()
    monkeypatch.undo()

    assert Evidence.objects.filter(title=typed["title"]).exists()
    assert "Nothing was saved" not in page
    looked = client.post("/outcome/", fields_of(page) | {"_outcome": outcome_of(page)}).content.decode()
    assert "Your change was saved" in looked
