"""What one self-assessment takes on the server: opened, 15 ratings, 3 comments, looked over, submitted, read.

Each of the writers of the company assesses themselves once, as a browser with scripts asks for it.
"""

import gzip
import json
import statistics
import sys

from . import asked
from .ground import prepare

COMMENTS = 3
COMMENT = "Took the split of the ledger from a question to two teams that release alone."


def main(options):
    visited = prepare(options["people"])
    from django.conf import settings
    from django.db import connection

    from competencies.people.models import Person
    from ladder.wsgi import application

    taken, counted, sizes, sent = [], [], [], []
    for writer in visited["writers"]:
        email = Person.objects.get(pk=writer["person"]).email
        session = f"{settings.SESSION_COOKIE_NAME}={asked.session_of(email)}"
        cookie = f"{session}; {settings.CSRF_COOKIE_NAME}={asked.FORGERY_TOKEN}"
        found, seconds, size, wire = [], 0.0, 0, 0

        def note(execute, sql, params, many, context, found=found):
            found.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            for path, fields in steps(writer["assessment"], visited["competencies"][:15], visited["points"]):
                status, took, body, encoding = asked.ask(application, asked.environ(path, cookie, fields))
                if status not in (200, 302):
                    raise SystemExit(f"{path} answered {status}: {body[:300]!r}")
                seconds += took
                wire += len(body)
                size += len(gzip.decompress(body) if encoding == "gzip" else body)
        taken.append(seconds)
        counted.append(len(found))
        sizes.append(size)
        sent.append(wire)
    of_processor, queries = statistics.median(taken) * 1000, statistics.median(counted)
    html, wire = statistics.median(sizes) / 1000, statistics.median(sent) / 1000
    print(f"  {len(taken)} self-assessments, in the middle: {of_processor:.0f} ms of a processor, ", end="")
    print(f"{queries:.0f} queries, {html:.0f} kB, {wire:.0f} sent")


def steps(assessment, competencies, points):
    """Yield `(path, form fields or None)` of what the browser asks for."""
    sheet = f"/assessments/{assessment}/"
    yield sheet, None
    for number, competency in enumerate(competencies):
        rated = {"version": 0, "point": points[number % len(points)], "comment": ""}
        yield f"{sheet}ratings/{competency}/", rated
        if number < COMMENTS:
            yield f"{sheet}ratings/{competency}/", rated | {"version": 1, "comment": COMMENT}
    yield f"{sheet}submission/", None
    yield f"{sheet}submission/", {}
    yield sheet, None


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
