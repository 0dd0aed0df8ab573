from django.core.management.base import BaseCommand, CommandError

from competencies.trail.models import Head
from competencies.trail.verifying import Witness, breaks


class Command(BaseCommand):
    help = (
        "Read the trail from its first entry to its head and name every place that was tampered with. "
        "Prints the head: keep it elsewhere, and hand it back with --against to find that the whole "
        "trail was written anew."
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
        head = Head.here()
        found = list(breaks(against=witnesses))
        for broken in found:
            self.stdout.write(f"#{broken.sequence}: {broken.reason}")
        if found:
            raise SystemExit(f"The trail is broken in {len(found)} place(s).")
        self.stdout.write(f"The trail is whole: {head.sequence} entries.")
        self.stdout.write(f"Head {head}")
