from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from competencies.core.refusals import Refusal
from competencies.people.models import Person, Token
from ladder.ops.maintenance import while_nobody_migrates
from ladder.web.validators import fits_in


class Command(BaseCommand):
    help = "Create an API token for a person and print its key, only once."

    def add_arguments(self, parser):
        parser.add_argument("email", help="whose token it is: it can do what they can")
        parser.add_argument("--days", type=int, default=30, help="how many days it is valid (default: 30)")
        parser.add_argument("--label", default="created on the server", help="what it is for")
        parser.add_argument(
            "--write", action="store_true", help="let it change things; without this it is read-only"
        )

    @while_nobody_migrates
    def handle(self, *, email, days, label, write, **options):
        person = Person.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {email}.")
        scope = Token.Scope.WRITE if write else Token.Scope.READ
        try:
            fits_in(Token, label=label)
            token, key = Token.issue(person, by=None, label=label, scope=scope, days=days)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stderr.write(
            f"{token.get_scope_display()} as {person}, until {token.expires_at:%Y-%m-%d %H:%M} UTC:"
        )
        self.stdout.write(key)
