"""How pages grow with the company: each visited in turn at 1,000 and at 100,000 people, and the ratio.

Both are served at once and asked alternately, so that whatever else the machine does weighs on both.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .serving import ROOT, Timings, Visitor, served

SMALL, LARGE = 1_000, 100_000
WIDE = 50
ENOUGH = 1.25
VISITS = (
    "import json, sys; from tests.benchmarks.growth import visits; "
    "print(json.dumps(visits(int(sys.argv[1]))))"
)


def visits(size):
    """Return `[(name, path, session, queries)]` on the database that the environment names."""
    from .ground import prepare
    from .pages import pages, queries_of
    from .serving import session_of

    prepared = prepare(size)
    found = [*pages(prepared), *pages_of_many(prepared)]
    found.append((f"heat-map of {WIDE}", of_a_wide_team(prepared), "/team/"))
    return [(name, path, session_of(who), queries_of(who, path)) for name, who, path in found]


def of_a_wide_team(visited):
    """Give somebody as many reports as make a long heat-map, rated in both cycles; return who it is."""
    from competencies.core.clock import today
    from competencies.people.models import Person

    by = Person.objects.get(pk=visited["hr"])
    manager = Person.objects.get(pk=visited["engineer"])
    others = (
        Person.objects.exclude(pk__in=manager.below()).exclude(pk__in=manager.above()).exclude(pk=manager.pk)
    )
    missing = max(0, WIDE - manager.reports().count())
    for person in others.filter(reviews__reveal__isnull=False).distinct().order_by("-pk")[:missing]:
        person.report_to(manager, starts_on=today(), by=by)
    return manager.pk


def pages_of_many(visited):
    """Return `(name, who, path)` of the pages that show many people, and those of the one at the top."""
    person = visited["engineer"]
    return [
        ("home of HR", visited["hr"], "/"),
        ("home of the top", visited["top"], "/"),
        ("person", visited["manager"], f"/people/{person}/"),
        ("person, for HR", visited["hr"], f"/people/{person}/"),
        ("person, for the top", visited["top"], f"/people/{person}/"),
        ("directory", visited["hr"], "/people/"),
        ("directory, searched", visited["hr"], "/people/?q=000500"),
        ("directory, two words", visited["hr"], "/people/?q=person+0005"),
        ("directory, a common word", visited["hr"], "/people/?q=person"),
        ("directory, nobody found", visited["hr"], "/people/?q=nobody"),
        *(
            (f"directory, {shown}", visited["hr"], f"/people/?show={shown}")
            for shown in ("without-manager", "without-level", "manager-gone", "left")
        ),
        ("managers offered", visited["hr"], f"/people/{person}/line/?manager=person+00"),
        ("comparison, for the top", visited["top"], f"/reviews/{visited['review']}/"),
        ("evidence of one, for the top", visited["top"], f"/people/{person}/evidence/"),
        ("reviews", visited["manager"], "/reviews/"),
        ("reviews of the top", visited["top"], "/reviews/"),
        ("reviews of everyone, for HR", visited["hr"], "/reviews/"),
        ("a review among those of everyone", visited["hr"], f"/reviews/{visited['review']}/?scope=everyone"),
        ("reviews by manager, for HR", visited["hr"], "/reviews/?scope=managers"),
        ("team of everyone, for HR", visited["hr"], "/team/"),
        ("promotions", visited["manager"], "/cases/"),
        ("cycles", visited["hr"], "/cycles/"),
        ("trail", visited["hr"], "/trail/"),
        ("trail, about somebody", visited["hr"], "/trail/?about=000500"),
    ]


def compare(folders, requests):
    """Visit each page at both sizes in turn; print p50s, queries and ratio. Returns those over the aim."""
    asked = {size: _visits(size, folder) for size, folder in folders.items()}
    over = []
    print(f"  {'page':<30}{'queries':>10}{'p50 small':>12}{'p50 large':>12}{'ratio':>8}")
    with served(_environment(folders[SMALL])) as small, served(_environment(folders[LARGE])) as large:
        for here, there in zip(asked[SMALL], asked[LARGE], strict=True):
            pairs = [(small, here, Timings()), (large, there, Timings())]
            for warm in (True, False):
                visitors = [(Visitor(port, page[2]), page[1], timings) for port, page, timings in pairs]
                for _ in range(4 if warm else requests):
                    for visitor, path, timings in visitors:
                        answer = visitor.get(path)
                        if not warm:
                            timings.add(*answer)
            p50s = [timings.median for _port, _page, timings in pairs]
            failed = sum(timings.failures for _port, _page, timings in pairs)
            ratio = p50s[1] / p50s[0]
            if ratio > ENOUGH or failed:
                over.append(here[0])
            queries = f"{here[3]}" if here[3] == there[3] else f"{here[3]}, {there[3]}"
            print(
                f"  {here[0]:<30}{queries:>10}{p50s[0]:>9.1f} ms{p50s[1]:>9.1f} ms{ratio:>8.2f}"
                + (f"  {failed} FAILED" if failed else "")
            )
    return over


def _environment(folder):
    return os.environ | {"LADDER_DATA": str(folder), "DATABASE_URL": "", "LADDER_LOG_LEVEL": "ERROR"}


def _visits(size, folder):
    answer = subprocess.run(
        [sys.executable, "-c", VISITS, str(size)],
        env=_environment(folder),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    *told, visits = answer.stdout.strip().splitlines()
    print(*told, sep="\n")
    return json.loads(visits)


def main(options):
    with tempfile.TemporaryDirectory(prefix="ladder-growth-") as folder:
        kept = Path(os.environ.get("LADDER_BENCHMARK_KEEP") or folder)
        folders = {size: kept / str(size) for size in (SMALL, LARGE)}
        over = compare(folders, options["requests"])
    print(f"  over {ENOUGH}: {', '.join(over) or 'none'}")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
