"""The page of background work: what one ordered, how far it is, and for HR and auditors how much there is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import now, standing_at
from competencies.jobs.models import Job
from competencies.packets.models import Packet
from competencies.packets.models.export import PacketExport
from competencies.packets.selection import Choice
from competencies.people.models import Organisation
from competencies.people_import.models import Import, Run
from competencies.personal_data.models import Export
from tests.scenes import scene

URL = "/background-work/"
HTMX = {"HX-Request": "true"}


def words(response):
    return " ".join(response.content.decode().split())


@scene
def proposed(full_case, mara):
    full_case.propose(by=mara)
    return full_case


@scene
def work(proposed, hana, sam):
    """One job of each kind that Hana ordered; `{kind: the row that it is for}`."""
    made = Import.upload(b"Email\nsam@testing.example", file="a.csv", within=Organisation.here(), by=hana)
    return {
        "packet_document": Packet.freeze(proposed, by=hana, variant="archive").order(by=hana),
        "packet_export": PacketExport.order(Choice(), by=hana, variant="committee").items.get(),
        "people_import": Run.ask(made, Run.Kind.WORK_OUT, by=hana, mapping={}),
        "record_copy": Export.order(sam, by=hana),
    }


def test_each_is_told_in_words_with_what_it_is_for(signed_in, work, hana):
    page = words(signed_in(hana).get(URL))

    assert f'Packet document: <a href="/packets/{work["packet_document"].packet_id}/">P-' in page
    assert f'<a href="/packet-export-items/{work["packet_export"].pk}/">Sam, Export ' in page
    assert f'<a href="{work["people_import"].of.get_absolute_url()}">a.csv: Preview</a>' in page
    assert f'Record copy: <a href="/people/{work["record_copy"].person_id}/record/">Sam</a>' in page


def test_each_state_is_told(signed_in, work, hana):
    jobs = {kind: row.job for kind, row in work.items()}
    jobs["packet_document"].take(worker="here:1")
    jobs["people_import"].finish()
    work["record_copy"].fail("The disk took nothing.")
    page = words(signed_in(hana).get(URL))

    for told in ("Queued", "In progress", "Done", "Failed", "The disk took nothing."):
        assert told in page
    with standing_at(now() + timedelta(days=8)):
        assert "No longer needed" in words(signed_in(hana).get(URL))


def test_it_is_told_to_nobody_else(signed_in, work, mara, hana, dora):
    for somebody in (mara, dora):
        page = words(signed_in(somebody).get(URL))
        assert "You have no background work" in page
        assert "Sam" not in page


@pytest.mark.parametrize("kind", list(Job.Kind.values))
def test_whoever_may_not_open_it_any_more_is_told_neither_what_nor_why(signed_in, work, hana, kind):
    work[kind].fail("Because of SOMETHING.")
    hana.grants.update(revoked_at=now())
    page = words(signed_in(hana).get(f"{URL}?kind={kind}"))

    assert "You no longer have access to what this was for." in page
    assert "SOMETHING" not in page
    assert "Try again" not in page
    assert str(work[kind].pk) not in page.split("list__item")[1].split("list__note")[0]


@pytest.mark.parametrize(
    ("kind", "again"),
    [("packet_document", 2), ("packet_export", 1), ("record_copy", 2), ("people_import", 1)],
)
def test_what_failed_is_tried_again_where_that_can_be(signed_in, work, hana, kind, again):
    work[kind].fail("It failed.")
    client = signed_in(hana)
    [row] = client.get(f"{URL}?kind={kind}").context["jobs"]
    if kind == "people_import":  # its page is where one goes on
        assert row["retrial"] == ""
        return

    assert client.post(row["retrial"]).status_code == 302
    jobs = list(client.get(f"{URL}?kind={kind}").context["page"])
    assert (len(jobs), jobs[0].state) == (again, "waiting")
    assert "Try again" not in words(client.get(f"{URL}?kind={kind}"))


def test_htmx_asks_again_while_something_is_open(signed_in, work, hana):
    client = signed_in(hana)
    piece = words(client.get(f"{URL}?kind=record_copy", headers=HTMX))
    assert 'hx-trigger="every 5s"' in piece
    assert 'hx-get="/background-work/?kind=record_copy"' in piece
    assert "<html" not in piece

    work["record_copy"].fail("x")
    assert "hx-trigger" not in words(client.get(f"{URL}?kind=record_copy", headers=HTMX))
    assert "hx-trigger" in words(client.get(URL))


@pytest.mark.parametrize(("who", "told"), [("hana", True), ("otto", True), ("mara", False), ("aude", False)])
def test_hr_and_auditors_are_told_how_much_there_is_without_a_name(request, signed_in, work, sam, who, told):
    work["packet_export"].fail("x")
    with standing_at(now() + timedelta(minutes=7)):
        response = signed_in(request.getfixturevalue(who)).get(URL)

    assert ("Everyone’s work" in words(response)) == told
    if told:
        assert "The oldest in the queue was requested 7 minutes ago." in words(response)
        counts = {row["label"]: row for row in response.context["counts"]}
        assert counts["Exported packet"]["failed"] == 1
        assert counts["Record copy"]["waiting"] == 1
    if who == "otto":
        assert "Sam" not in words(response)


def test_a_document_of_a_draft_is_counted_to_nobody(signed_in, full_case, mara, hana):
    Packet.freeze(full_case, by=mara, variant="committee").order(by=mara).fail("x")
    counts = {row["label"]: row for row in signed_in(hana).get(URL).context["counts"]}

    assert set(counts["Packet document"].values()) == {"Packet document", 0}


def test_what_failed_long_ago_is_not_counted_and_what_is_at_work_not_twice(work):
    work["packet_export"].fail("x")
    work["record_copy"].job.take(worker="here:1")
    counts = Job.objects.recent(since=now() - timedelta(days=7)).counted()
    assert counts["record_copy"] == {"waiting": 0, "at_work": 1, "failed": 0, "done": 0}
    assert counts["packet_export"]["failed"] == 1
    assert Job.objects.recent(since=now() + timedelta(days=1)).counted()["packet_export"]["failed"] == 0


def test_the_list_goes_on_over_pages(signed_in, sam):
    Job.objects.bulk_create(Job(kind=Job.Kind.RECORD_COPY, by=sam, ended_at=now()) for _ in range(30))
    page = words(signed_in(sam).get(f"{URL}?kind=record_copy&page=2"))

    assert "Page 2 of 2" in page
    assert "?kind=record_copy&amp;page=1" in page


def test_the_queries_do_not_grow(signed_in, work, hana, sam, mara, dora):
    client = signed_in(hana)

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        return len(queries)

    client.get(URL)
    few = count()
    packet = work["packet_document"].packet
    for person in (mara, dora):
        Export.order(person, by=hana)
        packet.order(by=hana)
        Run.ask(work["people_import"].of, Run.Kind.WORK_OUT, by=hana, mapping={})
    PacketExport.order(Choice(), by=hana, variant="candidate")

    assert count() == few


def test_it_is_for_reading_alone(signed_in, sam):
    assert signed_in(sam).post(URL).status_code == 405
