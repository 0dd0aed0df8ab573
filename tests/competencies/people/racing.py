"""
Runs races between two of HR on a database of its own and prints what came of each as JSON.

DATABASE_URL names a database without rows of ours; it is thrown away afterwards.
"""

import json
import sys
from functools import partial

import pytest  # noqa: F401  (before the settings: they choose a quick password hasher for tests)


def main():
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    first = two_take_themselves_in()
    _cast()
    json.dump({"two_take_themselves_in": first} | {race.__name__: race() for race in RACES}, sys.stdout)


def _cast():
    """Hana and Aude are of HR, and nobody else; Kit reports to Noor."""
    from competencies.core.clock import today
    from competencies.people.models import Person, RoleGrant

    hana, aude, noor, kit = (
        Person.welcome(by=None, email=f"{name}@testing.example", name=name.title())
        for name in ("hana", "aude", "noor", "kit")
    )
    for person in (hana, aude):
        person.grant("hr", by=None)
    RoleGrant.objects.exclude(person__in=[hana, aude]).get().revoke(by=hana)
    kit.report_to(noor, starts_on=today(), by=hana)


def _someone(name):
    from competencies.people.models import Person

    return Person.objects.get(email=f"{name}@testing.example")


def _of_hr():
    """Return how many are of HR today."""
    from competencies.people.models import Person

    return Person.objects.active().holding("hr").count()


def two_take_themselves_in():
    from competencies.people.models import Organisation, Person
    from tests.competencies.reviews.racing import at_once

    key = Organisation.offer_setup()
    doors = [
        partial(
            Organisation.set_up,
            key,
            name=f"First {number}",
            email=f"first{number}@new.example",
            password="a long and private phrase",
            company="New Ltd",
            roles=["hr"],
        )
        for number in range(2)
    ]
    return {"ends": at_once(*doors), "people": Person.objects.count()}


def two_of_hr_take_it_from_each_other():
    from tests.competencies.reviews.racing import at_once

    hana, aude = _someone("hana"), _someone("aude")
    ends = []
    for _ in range(5):
        of_aude = aude.grants.in_force().filter(role="hr").first() or aude.grant("hr", by=hana)
        of_hana = hana.grants.in_force().filter(role="hr").first() or hana.grant("hr", by=aude)
        ends.append(at_once(partial(of_aude.revoke, by=hana), partial(of_hana.revoke, by=aude)))
        ends[-1].append(_of_hr())
        left = hana if hana.grants.in_force().filter(role="hr").exists() else aude
        other = aude if left == hana else hana
        other.grant("hr", by=left)
    return ends


def two_of_hr_release_each_other():
    from competencies.core.clock import today
    from tests.competencies.reviews.racing import at_once

    hana, aude = _someone("hana"), _someone("aude")
    ends = at_once(partial(hana.leave, on=today(), by=aude), partial(aude.leave, on=today(), by=hana))
    return [*ends, _of_hr()]


def an_invitation_accepted_twice():
    from competencies.people.models import Invitation, Person
    from tests.competencies.reviews.racing import at_once

    person = Person.welcome(by=None, email="nia@testing.example", name="Nia")
    invitation, _key = Invitation.issue(person, by=None)
    return at_once(*[partial(invitation.accept, f"a private phrase {number}") for number in range(2)])


def a_manager_leaves_while_somebody_is_put_under_them():
    """Whichever comes first: nobody is put under somebody who is gone without being found by it."""
    from competencies.core.clock import today
    from competencies.people.models import Person
    from tests.competencies.reviews.racing import at_once

    hr = Person.objects.active().holding("hr").get()
    kit, noor = _someone("kit"), _someone("noor")
    kit.lines.get().delete()
    at_once(
        partial(noor.leave, on=today(), by=hr),
        partial(_someone("kit").report_to, _someone("noor"), starts_on=today(), by=hr),
    )
    under = kit.manager_on() == noor
    return under == Person.objects.with_manager_gone().filter(pk=kit.pk).exists()


def one_email_for_two():
    from competencies.people.models import Person
    from tests.competencies.reviews.racing import at_once

    hr = Person.objects.active().holding("hr").get()
    taken_in = partial(Person.welcome, by=hr, email="twin@testing.example", name="Twin")
    ends = [at_once(taken_in, taken_in)]
    described = [
        partial(_someone(name).describe, by=hr, email="one@testing.example") for name in ("kit", "nia")
    ]
    return [*ends, at_once(*described)]


def a_role_granted_twice():
    from competencies.people.models import Person
    from tests.competencies.reviews.racing import at_once

    hr = Person.objects.active().holding("hr").get()
    granted = partial(_someone("twin").grant, "author", by=hr)
    return at_once(granted, granted)


def one_form_sent_eight_times_at_once():
    from competencies.core.idempotency import taking
    from competencies.people.idempotency import Sending
    from competencies.people.models import IdempotencyKey, Token
    from tests.competencies.reviews.racing import at_once

    kit = _someone("kit")

    def send():
        sending = Sending(kit, "/account/tokens/", "one key", {"label": "nightly"})
        with taking(sending.take):
            Token.issue(kit, by=kit, label="nightly")

    return {"ends": at_once(*[send] * 8), "made": kit.tokens.count(), "keys": IdempotencyKey.objects.count()}


RACES = [
    one_form_sent_eight_times_at_once,
    an_invitation_accepted_twice,
    two_of_hr_take_it_from_each_other,
    two_of_hr_release_each_other,
    a_manager_leaves_while_somebody_is_put_under_them,
    one_email_for_two,
    a_role_granted_twice,
]


if __name__ == "__main__":
    main()
