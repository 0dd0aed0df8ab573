import time

from django.core.management.base import BaseCommand, CommandError

from competencies.trail.models import Head
from competencies.trail.verifying import Redacted, Witness, findings

EVERY = 5  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Read the trail from its first entry to its head, hold the rows it speaks of against it, and name "
        "every place that was tampered with, and every row that an erasure redacted. Prints the head: keep "
        "it elsewhere, and hand it back with --against to find that the whole trail was written anew."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--against",
            action="append",
            default=[],
            metavar="NUMBER:DIGEST",
            help="a head that was printed before; may be given several times",
        )

    def handle(self, *, against, **options):
        try:
            witnesses = [Witness.read(text) for text in against]
        except ValueError as refusal:
            raise CommandError(str(refusal)) from None
        head, broken, redacted = Head.here(), 0, 0
        for found in findings(against=witnesses, progress=Progress(self.stderr)):
            if isinstance(found, Redacted):
                redacted += 1
                self.stdout.write(f"#{found.sequence}: {found.row} is redacted")
                continue
            broken += 1
            place = "" if found.sequence is None else f"#{found.sequence}: "
            self.stdout.write(f"{place}{found.reason}")
        if broken:
            raise SystemExit(f"The trail is broken in {broken} place(s).")
        after = f", {redacted} of what they speak of redacted" if redacted else ""
        self.stdout.write(f"The trail is whole: {head.sequence} entries{after}.")
        self.stdout.write(f"Head {head}")


class Progress:
    """Says every few seconds how much was read."""

    def __init__(self, out):
        self.out, self.reported_at = out, time.monotonic()

    def __call__(self, what, done):
        if time.monotonic() - self.reported_at >= EVERY:
            self.reported_at = time.monotonic()
            self.out.write(f"{done:,} {what} read")
