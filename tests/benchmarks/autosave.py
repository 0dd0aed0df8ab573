"""Twenty people writing their self-assessments at once: saves a second, and how many failed."""

import json
import os
import sys
from urllib.parse import urlencode

from .ground import prepare
from .serving import Timings, Visitor, served, session_of, together

WRITERS, SAVES = 20, 50


def main(options):
    visited = prepare(options["people"])
    writers, points = visited["writers"][:WRITERS], visited["points"]
    sessions = [session_of(writer["person"]) for writer in writers]
    timings = Timings()
    with served(os.environ.copy()) as port:

        def write(index):
            visitor, assessment = Visitor(port, sessions[index]), writers[index]["assessment"]
            for number in range(SAVES):
                competency = visited["competencies"][number % 15]
                body = urlencode(
                    {
                        "version": number // 15,
                        "point": points[number % len(points)],
                        "comment": f"Saved for the {number}th time, with a sentence or two of text.",
                    }
                )
                timings.add(*visitor.post(f"/assessments/{assessment}/ratings/{competency}/", body))

        seconds = together(WRITERS, write)
    kept = count(writers)
    total = len(timings.seconds)
    print(
        f"  autosave, {WRITERS} clients: {total / seconds:.0f} saves/s, p50 {timings.median:.0f} ms, "
        f"p95 {timings.percentile(0.95):.0f} ms, failed {timings.failures}, "
        f"lost {WRITERS * SAVES - kept} of {WRITERS * SAVES}"
    )


def count(writers):
    """Return how many saves the database holds: the sum of the versions."""
    from django.db.models import Sum

    from competencies.reviews.models import Rating

    ratings = Rating.objects.filter(assessment__in=[writer["assessment"] for writer in writers])
    return ratings.aggregate(total=Sum("version"))["total"] or 0


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
