from django.core.management.base import BaseCommand

from competencies.core.refusals import Refusal
from competencies.evidence.models import Evidence
from competencies.people.models import Person
from ladder.demo.loading import load_company
from ladder.ops.maintenance import while_nobody_migrates


class Command(BaseCommand):
    help = "Create the demo company in an empty database."

    @while_nobody_migrates
    def handle(self, **options):
        try:
            organisation = load_company()
        except Refusal as refusal:
            raise SystemExit(str(refusal)) from None
        people, pieces = Person.objects.count(), Evidence.objects.count()
        self.stdout.write(f"{organisation} is ready: {people} people and {pieces} pieces of evidence.")
