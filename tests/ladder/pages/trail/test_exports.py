import csv
import io
import json

import pytest

from competencies.trail.models import Entry, Head, digest_of, record
from ladder.pages.trail import exports

FILES = ["/trail/entries.csv", "/trail/entries.jsonl"]


def text(response):
    return b"".join(response.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize("url", FILES)
@pytest.mark.parametrize(
    ("name", "status"), [("otto", 200), ("hana", 200), ("sam", 404), ("dora", 404), ("aude", 404)]
)
def test_it_is_for_hr_and_the_auditor(request, signed_in, url, name, status):
    assert signed_in(request.getfixturevalue(name)).get(url).status_code == status


@pytest.mark.parametrize("url", FILES)
def test_a_post_is_refused(signed_in, otto, url):
    assert signed_in(otto).post(url).status_code == 405


def test_every_line_can_be_checked_against_the_chain(signed_in, otto, cycle):
    head = Head.here()
    response = signed_in(otto).get(FILES[1])

    *lines, last = [json.loads(line) for line in text(response).splitlines()]
    assert last == {"head": {"number": head.sequence, "digest": head.digest}}
    assert response.headers["Trail-Head"] == str(head)
    assert head.digest[:16] in response.headers["Content-Disposition"]
    lines.sort(key=lambda line: line["number"])
    assert lines[-1]["digest"] == head.digest
    assert len(lines) == head.sequence
    for line in lines:
        entry = Entry.objects.get(pk=line["number"])
        assert line["digest"] == digest_of(
            line["previous"], line["number"], entry.at, line["actor"], line["action"], line["model"],
            line["pk"], line["about"], line["data"], line["salt"], line["id"],
        )  # fmt: skip


def test_a_cell_is_never_a_formula(signed_in, otto, sam, mara):
    type(sam).objects.filter(pk=sam.pk).update(name="=HYPERLINK(1)")
    type(mara).objects.filter(pk=mara.pk).update(name='@SUM, and "more"')
    record("person.described", sam, by=mara, about=sam)

    rows = list(csv.DictReader(io.StringIO(text(signed_in(otto).get(FILES[0], {"actor": f"#{mara.pk}"})))))

    assert [(row["about_name"], row["actor_name"]) for row in rows] == [
        ("'=HYPERLINK(1)", '\'@SUM, and "more"')
    ]


def test_who_took_what_is_recorded_by_ids(signed_in, hana, sam, cycle):
    head = str(Head.here())
    text(signed_in(hana).get(FILES[0], {"about": "sam", "action": "review.opened", "since": "2001-01-01"}))

    entry = Entry.objects.get(action="trail.exported")
    assert (entry.actor, entry.about) == (hana, sam)
    assert entry.details == {
        "file": "csv",
        "head": head,
        "asked": {"about": [sam.pk], "actions": ["review.opened"], "since": "2001-01-01"},
    }


def test_it_holds_what_was_asked_for_and_may_be_read(signed_in, hana, otto, case):
    def actions(reader, **asked):
        lines = map(json.loads, text(signed_in(reader).get(FILES[1], asked)).splitlines())
        return {line["action"] for line in lines if "action" in line}

    assert actions(otto, action="case.opened") == {"case.opened"}
    assert actions(hana, action="case.opened") == set()


@pytest.mark.parametrize("url", FILES)
def test_what_makes_no_sense_goes_back_to_the_search(signed_in, otto, url):
    response = signed_in(otto).get(url, {"since": "x"})

    assert response.url == "/trail/?since=x"
    assert not Entry.objects.filter(action="trail.exported").exists()


def test_more_than_a_file_holds_is_refused_and_not_cut(signed_in, otto, cycle, monkeypatch):
    monkeypatch.setattr(exports, "MOST", 3)
    client = signed_in(otto)

    response = client.get(FILES[0], follow=True)

    assert "Choose fewer days" in response.content.decode()
    assert not Entry.objects.filter(action="trail.exported").exists()
    monkeypatch.setattr(exports, "MOST", Entry.objects.count())
    assert client.get(FILES[0]).status_code == 200
