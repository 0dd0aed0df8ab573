import sys
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from competencies.core.refusals import Refusal
from competencies.people.models import Invitation, Person, RoleGrant
from ladder.ops.maintenance import while_nobody_migrates
from ladder.ops.server import site
from ladder.web.validators import fits_in


class Command(BaseCommand):
    help = "Add a person who signs in by email, with a password or by an invitation link."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", action="append", default=[], choices=RoleGrant.Role.values)
        parser.add_argument("--title", default="", help="job title")
        parser.add_argument("--team", default="")
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        way.add_argument(
            "--invite", action="store_true", help="print a link with which they set their own password"
        )

    @while_nobody_migrates
    def handle(self, *, email, name, role, title, team, password_stdin, invite, **options):
        try:
            validate_email(email)
            fits_in(Person, email=email, name=name, title=title, team=team)
            if Person.objects.filter(email=email.strip().lower()).exists():
                raise SystemExit(f"Someone already signs in as {email}.")
            password = None
            if not invite:
                password = _from_stdin() if password_stdin else _from_terminal()
                validate_password(password, Person(email=email, name=name, title=title))
            person = _welcome(email, name, password, role, title=title, team=team)
        except ValidationError as error:
            raise SystemExit("\n".join(error.messages)) from None
        except Refusal as refusal:
            raise SystemExit(str(refusal)) from None
        held = f" ({', '.join(role)})" if role else ""
        if invite:
            invitation, key = Invitation.issue(person, by=None)
            until = date_format(timezone.localtime(invitation.expires_at), "j F Y, H:i")
            self.stdout.write(f"{person}{held} can set a password with this link, once, until {until}:")
            self.stdout.write(f"    {site()}{reverse('open_invitation', args=[key])}")
        else:
            self.stdout.write(f"{person}{held} can sign in as {person.email}.")


@transaction.atomic
def _welcome(email, name, password, roles, **fields):
    person = Person.welcome(by=None, email=email, name=name, password=password, **fields)
    for role in dict.fromkeys(roles):
        person.grant(role, by=None)
    return person


def _from_stdin():
    return sys.stdin.readline().rstrip("\r\n")


def _from_terminal():
    if not sys.stdin.isatty():
        raise SystemExit("There is no terminal to ask for the password. Pass it with --password-stdin.")
    password = getpass("Password: ")
    if getpass("Confirm password: ") != password:
        raise SystemExit("The passwords don't match. Nobody was added.")
    return password
