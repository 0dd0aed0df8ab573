from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from competencies.core.refusals import Refusal
from competencies.framework.loading import load
from competencies.framework.parser import BadFile
from competencies.people.models import Person
from ladder.ops.maintenance import while_nobody_migrates


class Command(BaseCommand):
    help = "Load a framework file as a draft edition. If the file has errors, nothing is saved."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--publish-as", metavar="EMAIL", help="publish the edition as this framework author"
        )

    @transaction.atomic
    @while_nobody_migrates
    def handle(self, *, file, publish_as, **options):
        edition = _load(file)
        if publish_as and edition.state == "draft":
            _publish(edition, publish_as)
            edition.refresh_from_db()
        self.stdout.write(f"{edition} is loaded: {edition.state}.")


def _load(file):
    try:
        return load(file.read_bytes(), file=str(file), by=None)
    except OSError as error:
        raise SystemExit(f"{file}: {error.strerror}.") from None
    except BadFile as refusal:
        raise SystemExit("\n".join(str(fault) for fault in refusal.faults)) from None


def _publish(edition, email):
    author = Person.objects.filter(email=email.strip().lower()).first()
    if author is None:
        raise SystemExit(f"Nobody signs in as {email}.")
    try:
        edition.publish(by=author)
    except Refusal as refusal:
        raise SystemExit(f"{author} can't publish: {refusal}") from None
