"""
Brings a database of an earlier release up to date and lives on in it; prints what came of it as JSON.

DATABASE_URL and LADDER_DATA name the database and the folder beside it; both are thrown away afterwards.
"""

import json
import re
import sys
from collections import Counter
from datetime import timedelta
from unittest import mock

import pytest  # noqa: F401  (before the settings: they choose a quick password hasher for tests)

from tests.drawing import DAY, LONG, some_of

VARIANTS = ("archive", "candidate", "committee", "masked")


def variants(vendor, *, day=DAY, long=LONG):
    """Return the variants whose documents are printed whole on a database: two a round, and four in both."""
    return VARIANTS if long else VARIANTS[(day + (vendor == "postgresql")) % 2 :: 2]


def main():
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    steps = (is_whole, schema_of_it, stays_signed_in, log_opens, queue_empties, packets_verify, is_whole)
    json.dump([[step.__name__, step()] for step in steps], sys.stdout)


def is_whole():
    """The trail verifies, entries from before they had bits included."""
    from competencies.trail.models import Entry
    from competencies.trail.trigger_installation import missing
    from competencies.trail.verifying import breaks

    salted = Counter(bool(salt) for salt in Entry.objects.values_list("salt", flat=True))
    return {
        "breaks": [str(broken) for broken in breaks()],
        "missing": sorted(missing()),
        "with bits": sorted(salted),
    }


def schema_of_it():
    from django.db import connection

    from tests.upgrades.schema import schema

    return schema(connection)


def stays_signed_in():
    """The browser that was signed in is in, and so it is where it was: at the next page, not at the door."""
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    [session] = Session.objects.all()
    Session.objects.update(expire_date=timezone.now() + timedelta(hours=1))
    client = browser()
    client.cookies["sessionid"] = session.pk
    return client.get("/account/").status_code


def log_opens():
    """Open each page of the audit log, and the link to a record of each kind; return what leads nowhere."""
    from competencies.people.models import RoleGrant

    client = browser()
    client.force_login(RoleGrant.objects.filter(role="auditor").first().person)
    records, waiting, pages, empty = {}, ["?"], 0, []
    while waiting:
        page = client.get(f"/trail/{waiting.pop()}").content.decode()
        pages += 1
        found = [link.replace("&amp;", "&") for link in re.findall(r'href="([?][^"]+)"', page)]
        waiting += [link for link in found if "before=" in link]
        records |= {link.partition("+")[0]: link for link in found if link.startswith("?record=")}
    for link in records.values():
        answer = client.get(f"/trail/{link}")
        if answer.status_code != 200 or "<tbody>" not in answer.content.decode():
            empty.append(link)
    return {"pages": pages, "kinds": len(records), "empty": empty}


def queue_empties():
    """A worker of today does what waits; return how the tasks ended, and what is not there after.

    It comes in time for what is wanted until a certain instant, however old the kept database has grown.
    Of the packets of each variant that were frozen in the same format it prints the one that is drawn whole,
    and of the variants those that the round has to print.
    """
    from django.db import connection
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from competencies.jobs.models import Job
    from competencies.packets.models import ExportItem, Packet
    from competencies.personal_data.models import Export
    from ladder.jobs import packet_documents
    from ladder.jobs.worker import Worker
    from tests.ladder.pdf.one_page import one_page

    typeset, numbers = packet_documents.typeset, {}
    to_print = variants(connection.vendor)
    for packet in Packet.objects.filter(document=None, variant__in=to_print):
        numbers[packet.content["packet"]["number"]] = packet.content["format"], packet.variant
    whole = some_of(list(numbers), kind=numbers.get)

    def print_those_drawn(content, *, to):
        return (typeset if content["packet"]["number"] in whole else one_page)(content, to=to)

    in_time = timezone.now() + timedelta(hours=1)
    Job.objects.open().filter(wanted_until__isnull=False).update(wanted_until=in_time)
    waited = list(DBTaskResult.objects.ready().values_list("pk", flat=True))
    with mock.patch.object(packet_documents, "typeset", print_those_drawn):
        Worker(
            queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id="here:1", excluded_queue_names=[],
        ).run()  # fmt: skip
    return {
        "ends": Counter(DBTaskResult.objects.filter(pk__in=waited).values_list("status", flat=True)),
        "without a document": Packet.objects.filter(document=None).count(),
        "printed whole": sorted({numbers[number] for number in whole}),
        "items": sorted({item.state for item in ExportItem.objects.all()}),
        "copies": [copy.state for copy in Export.objects.all()],
    }


def packets_verify():
    """Each document is the very file of its packet, and each frozen content is what its digest says."""
    from competencies.packets.models import Packet
    from competencies.packets.verification import verify_document

    packets = Packet.objects.select_related("document")
    return {
        "documents": sorted({verify_document(packet.document.sha256, []).kind for packet in packets}),
        "number": min(len(packets), 8),
    }


def browser():
    from django.test import Client

    return Client(headers={"Host": "localhost"})


if __name__ == "__main__":
    main()
