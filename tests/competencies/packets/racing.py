"""
Runs races over an export on a database of its own and prints what came of each as JSON.

DATABASE_URL names a database without rows of ours; it is thrown away afterwards.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor, wait

import pytest  # noqa: F401  (before the settings: they choose a quick password hasher for tests)

A_MOMENT = 1  # for the second to come as far as it can


def main():
    import django

    django.setup()
    from django.core.management import call_command

    from tests.conftest import _found_the_company

    call_command("migrate", verbosity=0)
    _found_the_company()
    _propose("sam", by="mara")
    _propose("kit", by="noor")
    races = {f"{first}, {second}": _race(first, second) for first, second in RACES}
    json.dump(races, sys.stdout)


def _propose(name, *, by):
    from competencies.framework.models import Level
    from competencies.promotions.models import PromotionCase, Proposal
    from tests.competencies.reviews.racing import person

    case = PromotionCase.nominate(person(name), Level.objects.get(key="staff"), by=person(by))
    Proposal.objects.create(case=case, by=person(by))


def _race(first, second):
    """Do the second step while the first is not committed; return how the second ends and what is made on."""
    from competencies.jobs.models import Job
    from competencies.packets.models import PacketExport
    from competencies.packets.selection import Choice
    from tests.competencies.reviews.racing import person

    hana = person("hana")
    export = PacketExport.order(Choice(), by=hana, variant="committee")
    failed, _open = export.items.all()
    failed.fail("It failed.")
    steps = {"cancel": export.cancel, "retry one": failed.retry, "retry all": export.retry}
    end = _while_open(lambda: steps[first](by=hana), lambda: steps[second](by=hana))
    return [end, Job.objects.pending().filter(export_item__export=export).count()]


def _while_open(first, second):
    """Do `first` in a transaction that stays open until `second` has ended or waits; return how it ended."""
    from django.db import transaction

    from tests.competencies.reviews.racing import at_once

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            [end] = ends = [pool.submit(at_once, second)]
            wait(ends, timeout=A_MOMENT)
        return end.result()[0]


RACES = [
    ("cancel", "retry one"),
    ("cancel", "retry all"),
    ("retry one", "cancel"),
    ("retry all", "cancel"),
]


if __name__ == "__main__":
    main()
