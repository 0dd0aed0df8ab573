"""What people are told when HR changes how they get in."""

from competencies.people.models import Person
from ladder import letters
from ladder.background import task


@task()
def tell_of_reset(person_pk, by_pk):
    """Mail a person who is here that HR took off their second factor."""
    person, by = (Person.objects.filter(pk=pk).first() for pk in (person_pk, by_pk))
    if person and by and person.is_active:
        letters.send(person, "organisation/mail/second_factor_reset", {"by": by})
