"""Who cannot sign in yet."""

from allauth.socialaccount.models import SocialAccount

from competencies.people.models import Person
from competencies.people.models.person_queryset import People


def locked_out() -> People:
    """Return whoever is here with no password and no account of the company's own sign-in."""
    return Person.objects.active().locked_out().exclude(pk__in=SocialAccount.objects.values("user"))


def waiting_for(hr: Person) -> People:
    """Return whom `hr` may invite, and who can neither sign in nor holds an invitation that is still good."""
    people = Person.objects.allowing(hr, "people.invite_person").locked_out().uninvited()
    return people.exclude(pk__in=SocialAccount.objects.values("user"))
