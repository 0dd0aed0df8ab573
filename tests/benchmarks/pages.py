"""The ten most used pages: queries, and p50 and p95 with one client and with eight."""

import json
import os
import sys

from .ground import prepare
from .serving import Timings, Visitor, served, session_of, together


def pages(visited):
    """Return `(name, who, path)` of the ten pages."""
    assessment = visited["writers"][0]
    return [
        ("home of a manager", visited["manager"], "/"),
        ("matrix", visited["engineer"], "/ladder/"),
        ("competency", visited["engineer"], f"/competencies/{visited['competency']}/"),
        ("role", visited["engineer"], f"/roles/{visited['track']}/{visited['level']}/"),
        ("search", visited["engineer"], "/search/?q=design"),
        ("assessment", assessment["person"], f"/assessments/{assessment['assessment']}/"),
        ("comparison", visited["engineer"], f"/reviews/{visited['review']}/"),
        ("evidence", visited["engineer"], "/evidence/"),
        ("team", visited["manager"], "/team/"),
        ("cycle of HR", visited["hr"], f"/cycles/{visited['cycle']}/"),
    ]


def queries_of(pk, path):
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(pk=pk))
    client.get(path)  # what is drawn once for all readers is drawn here
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")
    return len(queries)


def measure(port, sessions, path, requests):
    timings = Timings()

    def visit(index):
        visitor = Visitor(port, sessions[index])
        for _ in range(requests // len(sessions)):
            timings.add(*visitor.get(path))

    seconds = together(len(sessions), visit)
    return timings, len(timings.seconds) / seconds


def main(options):
    visited = prepare(options["people"])
    heads = ("queries", "p50 1", "p95 1", "p50 8", "p95 8", "per s, 8", "failed")
    print(f"  {'page':<20}" + "".join(f"{head:>10}" for head in heads))
    with served(os.environ.copy()) as port:
        for name, who, path in pages(visited):
            queries = queries_of(who, path)
            measure(port, [session_of(who) for _ in range(4)], path, 16)
            one, _rate = measure(port, [session_of(who)], path, options["requests"])
            eight, rate = measure(port, [session_of(who) for _ in range(8)], path, options["requests"])
            figures = [one.median, one.percentile(0.95), eight.median, eight.percentile(0.95)]
            print(
                f"  {name:<20}{queries:>10}"
                + "".join(f"{figure:>7.0f} ms" for figure in figures)
                + f"{rate:>10.0f}{one.failures + eight.failures:>10}"
            )


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
