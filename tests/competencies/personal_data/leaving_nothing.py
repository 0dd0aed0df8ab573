"""Erase somebody of the demo company and read every byte of the data folder for what named them.

Run as a program in a data folder of its own (LADDER_DATA), which has that company or nobody. It prints JSON:
where a canary was before and after, what the trail and the packets say, and the seconds.
"""

import json
import os
import time
from pathlib import Path

CANARIES = (
    "Xanthippequail",
    "xanthippequail@canary.example",
    "KANARIENTEXT",
    "E-CANARY-77",
    "ada xanthippequail",
)


def main():
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from ladder.jobs import record_exports

    call_command("migrate", verbosity=0)
    person, hr = populated()
    close_reopen(connection)
    before = found_in(settings.DATA_DIR)

    started = time.monotonic()
    record_exports.erase(person, by=hr)
    erased_in = time.monotonic() - started
    started = time.monotonic()
    record_exports.clear_away.call()
    cleared_in = time.monotonic() - started
    print(
        json.dumps(told(person, before, found_in(settings.DATA_DIR)) | {"seconds": [erased_in, cleared_in]})
    )


def populated():
    """Let somebody of the demo company leave who has a decided case, and canaries everywhere."""
    from competencies.core.clock import today
    from competencies.evidence.models import Evidence
    from competencies.packets.models import Packet
    from competencies.people.models import Person, Token
    from competencies.personal_data.models import Export
    from competencies.promotions.models import PromotionCase
    from ladder.demo.loading import load_company
    from ladder.jobs.performing import perform

    if not Person.objects.exists():
        load_company()
    hr = Person.objects.holding("hr").first()
    case = PromotionCase.objects.decided().first()
    person = case.subject
    person.describe(by=hr, name="Ada Xanthippequail", email=CANARIES[1], number=CANARIES[3])
    competency = person.evidence.first().competencies.first()
    other = case.sponsor
    for whom, by in ((person, person), (other, other)):
        for number in range(60):
            Evidence.log(
                whom, by=by, happened_on=today(), competencies=[competency], title=f"Work {number}",
                text=f"KANARIENTEXT of Ada Xanthippequail, {CANARIES[1]}. " * 40 if whom == person
                else "With Ada Xanthippequail. " + "Other words. " * 90,
            )  # fmt: skip
    for piece in person.evidence.filter(author=person)[:30]:  # texts that were there and are there no more
        piece.rewrite(by=person, version=piece.version, competencies=[competency], text="KANARIENTEXT " * 20)
    Token.issue(person, by=person, label="KANARIENTEXT")
    for variant in Packet.Variant.values:
        packet = Packet.freeze(case, by=hr, variant=variant)
        write(packet)
    export = Export.order(person, by=person)
    perform.call(export.job_id)
    person.leave(on=today(), by=hr)
    return person, hr


def write(packet):
    """Put a file in place of a typeset document."""
    from django.conf import settings

    settings.PACKET_DIR.mkdir(exist_ok=True)
    (settings.PACKET_DIR / f"{packet.number}.pdf").write_text("KANARIENTEXT")
    packet.keep(f"{packet.number}.pdf", sha256="0" * 64, pages=1, size=12)


def close_reopen(connection):
    """Let the database be as an open one is: with a journal of writes beside it."""
    connection.close()
    connection.ensure_connection()


def found_in(folder):
    """Return `{file: canaries}` of every file in which a canary is, in whatever case, as bytes."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            content = path.read_bytes().lower()
            for canary in CANARIES:
                if count := content.count(canary.lower().encode()):
                    found.setdefault(path.name, {})[canary] = count
    return found


def told(person, before, after):
    from competencies.packets.models import Packet
    from competencies.personal_data.models import Leftover
    from competencies.trail.verifying import breaks

    packets = Packet.objects.filter(case__subject=person)
    return {
        "before": before,
        "after": after,
        "breaks": len(list(breaks())),
        "packets": sorted({packet.verification_status for packet in packets}),
        "leftovers": Leftover.objects.count(),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
    import django

    django.setup()
    main()
