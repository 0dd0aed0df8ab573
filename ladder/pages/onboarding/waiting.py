"""Who cannot sign in yet."""

from allauth.socialaccount.models import SocialAccount

from competencies.people.models import Person


def waiting_for(hr):
    """Return whom `hr` may invite, and who has neither a way in nor an invitation that is still good."""
    people = Person.objects.allowing(hr, "people.invite_person").locked_out().uninvited()
    return people.exclude(pk__in=SocialAccount.objects.values("user"))
