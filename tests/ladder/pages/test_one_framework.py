"""With one framework nothing looks different once others are published: every page, as five people.

Each of the five is placed on the first framework and goes wherever links lead. What they read is compared
with what they read after a second and a third framework were published: all that names frameworks, and of the
other pages a third in a run, others each day. LADDER_LONG=1 compares all.
"""

import html
import os
import re
from datetime import timedelta
from difflib import SequenceMatcher
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse

from competencies.core.clock import now
from competencies.people.models import Placement
from competencies.reviews.models import Cycle
from tests.conftest import LONG_AGO
from tests.drawing import drawn
from tests.frameworks import FRONTEND, named, publish

OF_EACH = 1_000 if os.environ.get("LADDER_LONG") == "1" else 1  # pages of one kind that a reader opens
SWITCH = re.compile(r'<nav class="tabs" aria-label="Framework">.*?</nav>', re.DOTALL)
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
OF_THE_MOMENT = re.compile(r"\b[0-9a-f]{64}\b|\b\d\d:\d\d\b")  # when a preview was made, and the head
OTHERS = {"Frontend engineering", "Data engineering"}

# What speaks of frameworks for its own sake: here the others are named, and nothing else changes.
NAMES_THEM = {"editions", "cycle_new", "cycle_edit", "person_placement", "promotion_policy"}
# Where the publishing itself is on record.
RECORDS = {"trail", "trail_entry", "person_trail", "trail_exports", "verification"}
NOT_A_PAGE = {"edition_file", "sign_out", "api-docs", "schema", "packet_document"}


@pytest.fixture
def company(hana, aude, otto, mara, sam, edition, revealed, full_case):
    """The cast on one framework, with a review, a case and a cycle in preparation to look at."""
    track = edition.track_set.get(key="backend")
    for person in (hana, aude, otto, mara):
        Placement.objects.create(
            person=person, track=track, level=edition.level_set.get(key="senior"), starts_on=LONG_AGO
        )
    full_case.propose(by=mara)
    due = {"self_due_at": now() + timedelta(weeks=1), "manager_due_at": now() + timedelta(weeks=2)}
    Cycle.prepare(by=hana, name="Next", editions=[edition], **due)
    return {person.name: person for person in (sam, mara, hana, aude, otto)}


def test_a_reader_of_one_framework_finds_only_the_switch_new(company, signed_in, aude):
    clients = {name: signed_in(person) for name, person in company.items()}
    before = {name: walk(client) for name, client in clients.items()}
    assert {name: len(pages) for name, pages in before.items() if len(pages) < 18} == {}
    kinds = {route for pages in before.values() for route, _words in pages.values()}
    assert kinds >= NAMES_THEM | {"ladder", "home", "team", "sources", "case", "review", "packet_preview"}
    publish(FRONTEND, by=aude)
    publish(named("data", "Data engineering"), by=aude)
    for name, pages in before.items():
        naming, others = (
            [address for address, (route, _words) in pages.items() if (route in NAMES_THEM) is names]
            for names in (True, False)
        )
        for address in [*naming, *drawn(others, len(others) // 3)]:
            route, words = pages[address]
            new = new_words(words, words_of(clients[name].get(address)))
            if route in NAMES_THEM:
                assert any(framework in new for framework in OTHERS), (name, address)
            elif route not in RECORDS:
                assert new == "", (name, address)


def walk(client):
    """Follow links from the first page; return `{address: (route, words)}`, a few pages of each route."""
    found, seen, front = {}, {}, [reverse("home"), reverse("account")]
    while front:
        address = front.pop(0)
        route = route_of(address)
        if address in found or not route or route in NOT_A_PAGE or seen.get(route, 0) >= OF_EACH:
            continue
        response = client.get(address)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        seen[route] = seen.get(route, 0) + 1
        content = response.content.decode()
        found[address] = route, words_of(response)
        links = (urljoin(address, html.unescape(link)) for link in LINK.findall(SWITCH.sub("", content)))
        front += [link.partition("#")[0] for link in links if link.startswith("/")]
    return found


def route_of(address):
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def words_of(response):
    """Return what stands on a page, without the switch between frameworks."""
    content = SWITCH.sub(" ", response.content.decode())
    content = re.sub(r'<optgroup label="([^"]*)">', r" \1 ", content)
    content = re.sub(r"<(script|style)\b.*?</\1>", " ", content, flags=re.DOTALL)
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())
    return OF_THE_MOMENT.sub("…", words)


def new_words(before, after):
    """Return the words that stand in `after` in place of others or beside them."""
    if before == after:
        return ""
    old, new = before.split(), after.split()
    parts = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return " ".join(" ".join(new[start:end]) or "-" for kind, _a, _b, start, end in parts if kind != "equal")
