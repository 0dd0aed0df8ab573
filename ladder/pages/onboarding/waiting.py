"""Who cannot sign in yet."""

from allauth.socialaccount.models import SocialAccount

from competencies.people.models import Person
from competencies.people.models.person_queryset import People


def waiting_for(hr: Person) -> People:
    """Return whom `hr` may invite, and who has neither a way in nor an invitation that is still good."""
    people = Person.objects.allowing(hr, "people.invite_person").locked_out().uninvited()
    return people.exclude(pk__in=SocialAccount.objects.values("user"))
