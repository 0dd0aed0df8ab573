"""A form with several faults says all of them at once, each beside its field."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competencies.core.clock import today
from competencies.people.models import Invitation, Person


def errors(answer, form="form"):
    """Return which fields of a refused form are at fault."""
    assert answer.status_code == 422
    return set(answer.context[form].errors)


@pytest.fixture
def hr(signed_in, hana):
    return signed_in(hana)


def test_a_person_whose_email_and_number_are_taken_and_who_has_no_name(hr, sam, mara):
    Person.objects.filter(pk=mara.pk).update(number="7")
    taken = {"name": "", "email": sam.email, "number": "7"}

    assert errors(hr.post("/people/new/", taken)) == {"name", "email", "number"}


def test_somebody_keeps_their_own_email_and_cannot_take_those_of_others(hr, sam, mara, dora):
    Person.objects.filter(pk=mara.pk).update(number="7")
    own = {"name": "Sam", "email": sam.email, "number": "7"}

    assert errors(hr.post(f"/people/{sam.pk}/description/", own)) == {"number"}
    assert errors(hr.post(f"/people/{sam.pk}/description/", own | {"email": dora.email})) == {
        "email",
        "number",
    }


def test_a_manager_below_on_a_day_that_is_gone(hr, mara, sam, hana):
    mara.leave(on=today() + timedelta(days=3), by=hana)
    line = {"manager": sam.email, "starts_on": (today() + timedelta(days=9)).isoformat()}

    assert errors(hr.post(f"/people/{mara.pk}/line/", line)) == {"manager", "starts_on"}


def test_a_cycle_with_a_name_that_is_taken_dates_in_another_age_and_nobody(hr, cycle, edition):
    far = timezone.now() + timedelta(days=9_000)
    cycle_form = {
        "version": 0,
        "name": cycle.name,
        "edition": edition.pk,
        "self_due_at": f"{far:%Y-%m-%dT%H:%M}",
        "manager_due_at": f"{far - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "who": "chosen",
    }

    assert errors(hr.post("/cycles/new/", cycle_form)) == {
        "name",
        "self_due_at",
        "manager_due_at",
        "people",
    }


def test_evidence_without_a_title_of_tomorrow_and_of_no_competency(signed_in, sam, edition):
    piece = {"title": "", "happened_on": (today() + timedelta(days=1)).isoformat(), "kind": "delivery"}

    answer = signed_in(sam).post(f"/people/{sam.pk}/evidence/new/", piece)

    assert errors(answer) == {"title", "happened_on", "competencies"}


def test_a_first_password_that_is_weak_and_typed_differently(client, hana):
    ines = Person.welcome(by=hana, email="ines@testing.example", name="Ines")
    _invitation, key = Invitation.issue(ines, by=hana)
    client.get(f"/invitation/{key}/")

    assert errors(client.post("/invitation/", {"password": "short", "again": "shorter"})) == {
        "password",
        "again",
    }
