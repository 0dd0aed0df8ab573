import time

from django.core.management.base import BaseCommand, CommandError

from competencies.trail.models import Head
from competencies.trail.verifying import Redacted, Witness, findings

EVERY = 5  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Check the audit log from its first entry to its last, compare it with the rows it describes,"
        " and list everything that was tampered with and every row that an erasure redacted. Prints "
        "the latest hash: keep it elsewhere and pass it back with --against, to find out if the whole"
        " log was rewritten."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--against",
            action="append",
            default=[],
            metavar="NUMBER:DIGEST",
            help="a hash that was printed before; can be given several times",
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
            raise SystemExit(f"The audit log is broken in {broken} place(s).")
        after = f", {redacted} of the rows they describe redacted" if redacted else ""
        self.stdout.write(f"The audit log is intact: {head.sequence} entries{after}.")
        self.stdout.write(f"Latest hash {head}")


class Progress:
    """Says every few seconds how much was read."""

    def __init__(self, out):
        self.out, self.reported_at = out, time.monotonic()

    def __call__(self, what, done):
        if time.monotonic() - self.reported_at >= EVERY:
            self.reported_at = time.monotonic()
            self.out.write(f"{done:,} {what} read")
