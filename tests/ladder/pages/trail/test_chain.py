"""Digests, head, numbers and the count of entries are the auditor's; others get none of them at any door."""

import csv
import io
import json
import re

import pytest

from competencies.core.clock import now
from competencies.packets.models import Packet
from competencies.personal_data.record_copy import gather
from competencies.reviews.models import Submission
from competencies.trail.models import Entry, Head, record
from tests.scenes import scene

DOORS = ["/trail/", "/trail/entries.csv", "/trail/entries.jsonl", "/api/v1/trail/", "/people/{sam}/trail/"]
LENGTH = 12  # digits of a digest that could not be there by chance


@scene
def told(sam, mara, hana, otto, revealed, full_case):
    """A trail with what holds digests: assessments handed in, packets, exports and verifications of it."""
    full_case.propose(by=mara)
    for variant in ("committee", "candidate"):
        Packet.freeze(full_case, by=mara, variant=variant).keep("a.pdf", sha256="ab" * 32, pages=9, size=1)
    head = Head.here()
    for by in (hana, otto):
        record(
            "trail.exported", head, by=by, about=sam, file="csv", head=str(head), asked={"about": [sam.pk]}
        )
        record("trail.verified", head, by=by, head=str(head), breaks=1, first=3)
    return sam


def secrets():
    """Return the first and last digits of every digest that confirms a guess, and of the bits."""
    found = {"ab" * 32, Head.here().digest}
    for names in Entry.objects.values_list("previous", "digest", "salt"):
        found.update(names)
    found.update(Submission.objects.values_list("digest", flat=True))
    found.update(Packet.objects.values_list("digest", flat=True))
    return {part for text in found for part in (text[:LENGTH], text[-LENGTH:])}


def said(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers}\n{body.decode()}"


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["hana", "sam", "mara"])
def test_others_are_shown_none_of_it(request, signed_in, told, name, door):
    response = signed_in(request.getfixturevalue(name)).get(door.format(sam=told.pk))
    if response.status_code == 404:
        return
    text = said(response)

    assert {part for part in secrets() if part in text} == set()
    assert str(Head.here().sequence) not in re.findall(r"[\w-]+", str(response.headers))
    assert not re.search(r'(?:before|after|"number": ?|No\.</th>).{0,3}\d', text)


@pytest.mark.parametrize("door", DOORS[:4])
def test_the_auditor_is_shown_all_of_it(signed_in, otto, told, door):
    entry = Entry.objects.filter(action="assessment.submitted").first()
    text = said(signed_in(otto).get(door.format(sam=told.pk)))

    for part in (entry.digest, entry.previous, entry.salt, entry.details["digest"]):
        assert part in text


def test_every_line_of_others_has_its_identifier_and_no_column_of_the_chain(signed_in, hana, told):
    lines = said(signed_in(hana).get(DOORS[1])).partition("\n")[2]
    rows = list(csv.DictReader(io.StringIO(lines.lstrip("\ufeff"))))

    assert {"number", "previous", "digest", "salt"} & set(rows[0]) == set()
    assert {row["id"] for row in rows} <= {
        str(pk) for pk in Entry.objects.values_list("public_id", flat=True)
    }
    details = [json.loads(row["data"]) for row in rows if row["action"] == "trail.exported"]
    assert details == [{"asked": {"about": [told.pk]}, "file": "csv"}] * 2


def test_the_file_of_others_is_named_by_its_day_and_has_no_last_line(signed_in, hana, told):
    response = signed_in(hana).get(DOORS[2])

    assert "Trail-Head" not in response.headers
    assert re.search(r'filename="trail-\d{4}-\d\d-\d\d\.jsonl"', response.headers["Content-Disposition"])
    assert all("action" in json.loads(line) for line in b"".join(response.streaming_content).splitlines())


def test_the_page_of_hr_counts_nothing_and_keeps_no_witness(signed_in, hana, otto, told):
    page, whole = (said(signed_in(reader).get("/trail/")) for reader in (hana, otto))

    assert f"{Head.here().sequence} entries" in whole
    assert "Save a checkpoint" in whole
    for words in (f"{Head.here().sequence} entries", "Save a checkpoint", "verify_trail --against"):
        assert words not in page


def test_what_the_trail_tells_of_a_published_edition_stays_public(signed_in, hana, aude, edition):
    record("edition.published", edition, by=aude, digest=edition.digest)

    assert edition.digest in said(signed_in(hana).get("/trail/"))


def test_a_copy_of_the_record_holds_neither_numbers_nor_digests_of_what_was_handed_in(told, hana):
    for by in (told, hana):
        text = json.dumps(gather(told, by=by, at=now()))
        digests = set(Submission.objects.values_list("digest", flat=True))
        digests |= set(Entry.objects.values_list("digest", flat=True))

        assert {digest for digest in digests if digest[:LENGTH] in text} == set()
        assert all("number" not in entry and entry["id"] for entry in json.loads(text)["trail"])


def test_a_hidden_entry_is_no_place_to_leaf_from(signed_in, hana, told):
    """Or one could ask for each instant whether something hidden stands there."""
    hidden = Entry.objects.filter(action="case.opened").first()
    client = signed_in(hana)
    from_it, newest = (client.get(f"/trail/?before={mark}") for mark in (hidden.public_id, "x"))

    assert from_it.context["stretch"] == newest.context["stretch"]
