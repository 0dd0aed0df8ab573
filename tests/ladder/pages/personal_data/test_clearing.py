"""What an erasure clears beside the domain: ways in, sessions, tasks, mails, imports."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django_tasks_db.models import DBTaskResult

from competencies.packets.models import Packet
from competencies.people.models import Organisation
from competencies.people_import.models import Import, Sheet
from competencies.people_import.packing import pack
from competencies.personal_data.erasure import erase
from competencies.personal_data.models import Leftover
from ladder.jobs import record_exports
from ladder.jobs.performing import perform


@pytest.fixture
def canary(left):
    left.name = "Sam Canaryson"
    left.save()
    return left


def test_ways_in_and_sessions_go(canary, hana, leo):
    EmailAddress.objects.create(user=canary, email=canary.email, verified=True)
    EmailAddress.objects.create(user=leo, email=leo.email, verified=True)
    Authenticator.objects.create(user=canary, type="totp", data={"secret": "x"})
    SocialAccount.objects.create(user=canary, provider="oidc", uid="1", extra_data={"name": canary.name})
    UserSession.objects.create(user=canary, ip="127.0.0.1", user_agent="x", session_key="k")
    mine, theirs = Client(), Client()
    mine.force_login(canary)
    theirs.force_login(leo)

    erase(canary, by=hana)

    assert list(EmailAddress.objects.values_list("user", flat=True)) == [leo.pk]
    assert not Authenticator.objects.exists()
    assert not SocialAccount.objects.exists()
    assert not UserSession.objects.filter(user=canary).exists()
    assert [row.get_decoded()["_auth_user_id"] for row in Session.objects.all()] == [str(leo.pk)]


def test_a_message_that_waits_in_the_session_of_another_forgets_the_name(canary, hana, leo):
    client = Client()
    client.force_login(leo)
    session = client.session
    session["_messages"] = '[["__json_message",0,25,"Sam Canaryson left.",""]]'
    session.save()

    erase(canary, by=hana)

    kept = Session.objects.get().get_decoded()
    assert "Canaryson" not in str(kept)
    assert "Erased person" in kept["_messages"]
    assert kept["_auth_user_id"] == str(leo.pk)


def test_finished_tasks_go_and_waiting_ones_stay(canary, hana, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    done, waiting = perform.enqueue(0), perform.enqueue(1)
    DBTaskResult.objects.filter(pk=done.id).update(status="FAILED", traceback="Sam Canaryson")

    erase(canary, by=hana)

    assert [str(row.pk) for row in DBTaskResult.objects.all()] == [str(waiting.id)]


def test_mails_in_files_that_name_the_person_are_removed(canary, hana, settings):
    folder = settings.EMAIL_FILE_PATH
    folder.mkdir()
    (folder / "one.log").write_text("To: sam@testing.example\n")
    (folder / "two.log").write_text("To: leo@testing.example\n")

    erase(canary, by=hana)
    record_exports.clear_away.call()

    assert [path.name for path in folder.iterdir()] == ["two.log"]
    assert [row.kind for row in Leftover.objects.all()] == ["pages"]  # not within the transaction of a test


def test_the_rows_of_an_import_that_speaks_of_the_person_are_forgotten(canary, hana):
    for name in ("Sam Canaryson", "Leo"):
        made = Import.upload(f"name,email\n{name},x@testing.example\n".encode(), file=f"{name[:3]}.csv",
                             within=Organisation.here(), by=hana)  # fmt: skip
        assert pack(made.sheet.rows()) == made.sheet.packed

    erase(canary, by=hana)

    assert [sheet.of.file for sheet in Sheet.objects.all()] == ["Leo.csv"]


def test_what_cannot_be_removed_now_is_removed_the_next_time(canary, hana, settings, monkeypatch):
    settings.PACKET_DIR.mkdir()
    (settings.PACKET_DIR / "a.pdf").write_bytes(b"x")
    Leftover.objects.create(kind="packet", name="a.pdf")
    Leftover.objects.create(kind="packet", name="gone.pdf")

    def refuse(leftover):
        raise OSError("busy")

    with monkeypatch.context() as patch:
        patch.setattr(record_exports, "_remove", refuse)
        record_exports.clear_away.call()
    assert Leftover.objects.count() == 2

    record_exports.clear_away.call()

    assert not Leftover.objects.exists()
    assert not list(settings.PACKET_DIR.iterdir())


def test_the_page_of_a_packet_says_that_it_is_redacted_and_the_pdf_is_made_again_on_demand(
    full_case, mara, hana, sam, signed_in
):
    from datetime import timedelta

    from competencies.core.clock import now, today

    full_case.propose(by=mara)
    packet = Packet.freeze(full_case, by=hana)
    packet.order(by=hana)
    packet.keep("a.pdf", sha256="0" * 64, pages=1, size=1)
    mara.name, mara.leaves_on = "Mara Wagtail", today() - timedelta(days=1)
    mara.save()
    assert now() > packet.at

    erase(mara, by=hana)

    page = " ".join(signed_in(hana).get(packet.get_absolute_url()).content.decode().split())
    assert "because a person’s data was erased" in page
    assert "Create PDF" in page
    assert packet.digest not in page  # by it, the name that was taken out could be guessed
    assert Packet.objects.get(pk=packet.pk).computed_digest() in page
    assert "Mara" not in page
