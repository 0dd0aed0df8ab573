from django.core.management.base import BaseCommand

from competencies.trail.models import Entry
from competencies.trail.verifying import breaks


class Command(BaseCommand):
    help = "Read the trail from its first entry to its head and name every place that was tampered with."

    def handle(self, **options):
        found = list(breaks())
        for broken in found:
            self.stdout.write(f"#{broken.sequence}: {broken.reason}")
        if found:
            raise SystemExit(f"The trail is broken in {len(found)} place(s).")
        self.stdout.write(f"The trail is whole: {Entry.objects.count()} entries.")
