"""Writing to the trail, and verifying it with the rows it speaks of: how long, and in how much memory.

The company is the one of the other parts; each assessment that is in gets its snapshot and its entry here.
`--people 66667` makes three million ratings.
"""

import gc
import hashlib
import json
import re
import secrets
import sys
import time
from pathlib import Path

AT_A_TIME = 1000  # assessments handed in
PEAK = Path("/proc/self/clear_refs")


def main():
    from .ground import prepare

    options = json.loads(sys.argv[1])
    prepare(options["people"])
    from competencies.reviews.models import Rating
    from competencies.trail.models import Entry

    write(options["requests"])
    hand_in()
    print(f"  {Rating.objects.count():,} ratings, {Entry.objects.count():,} entries")
    verify()


def write(times):
    """Time entries one by one, each in its transaction, and twenty thousand at once."""
    from competencies.people.models import Person
    from competencies.trail.models import record, record_each

    person = Person.objects.order_by("pk").first()
    taken = []
    for number in range(times):
        start = time.perf_counter()
        record("thing.done", person, by=person, about=person, number=number)
        taken.append(time.perf_counter() - start)
    start = time.perf_counter()
    record_each("thing.done", [(person, person, {"number": number}) for number in range(20_000)], by=person)
    many = time.perf_counter() - start
    print(f"  one entry {1000 * sorted(taken)[len(taken) // 2]:.2f} ms, 20,000 at once {many:.2f} s")


def hand_in():
    """Write what each assessment says into its submission, and an entry for each, past the triggers."""
    from competencies.framework.models import ScalePoint
    from competencies.reviews.models import Submission
    from competencies.reviews.row_checks import _stored
    from competencies.trail.models import canonical, record_each
    from competencies.trail.row_checks import stretches
    from competencies.trail.trigger_installation import drop, install

    drop()
    points = {point.key: point for point in ScalePoint.objects.all()}
    for rows in stretches(Submission.objects.select_related("assessment__review__subject"), AT_A_TIME):
        stored = _stored([row.assessment_id for row in rows])
        for row in rows:
            ratings = [_frozen(key, *said, points) for key, said in stored[row.assessment_id].items()]
            row.snapshot = canonical({"ratings": ratings, "salt": secrets.token_hex(16)})
            row.digest = hashlib.sha256(row.snapshot.encode()).hexdigest()
        Submission.objects.bulk_update(rows, ["snapshot", "digest"], batch_size=100)
        told = [
            (row.assessment, row.assessment.review.subject, {"round": 1, "digest": row.digest})
            for row in rows
        ]
        record_each("assessment.submitted", told, by=None)
    install()


def _frozen(competency, point, comment, evidence, points):
    found = points[point]
    return {
        "competency": competency,
        "point": {"key": point, "label": found.label, "value": found.value},
        "comment": comment,
        "evidence": [{"id": pk} for pk in evidence],
    }


def verify():
    """Verify everything; print the time of each part and the most memory that was held at its end."""
    from competencies.trail.verifying import findings

    gc.collect()
    PEAK.write_text("5")  # forgets the peak of filling
    seen, begun, before = {}, time.perf_counter(), peak()

    def progress(what, done):
        seen[what] = (done, time.perf_counter() - begun, peak())

    found = [str(one) for one in findings(progress=progress)]
    print(f"  {before} MiB before; findings: {len(found)} {found[:2]}")
    for what, (done, seconds, memory) in seen.items():
        print(f"  {what:<14}{done:>12,} by {seconds:7.1f} s, {memory} MiB")


def peak():
    """Return the most memory that this process held since `PEAK` was told to forget, in MiB. Linux only."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024


if __name__ == "__main__":
    main()
