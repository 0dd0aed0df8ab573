"""What is said of a person: by HR, and of their pronouns by themselves."""

from datetime import date

import pytest

from competencies.core.refusals import Denied, NotNow
from competencies.people.models import Person
from competencies.trail.models import Entry


def test_what_is_said_is_changed_and_the_trail_names_the_fields_alone(sam, hana):
    said = {"name": "Samira", "team": "Billing", "joined_on": date(2024, 1, 1), "number": "E-7"}

    sam = sam.describe(by=hana, **said)

    assert {field: getattr(Person.objects.get(pk=sam.pk), field) for field in said} == said
    entry = Entry.objects.get(action="person.described")
    assert (entry.about, entry.details) == (sam, {"fields": ["joined_on", "name", "number", "team"]})


def test_what_somebody_was_known_by_is_kept_once(sam, hana):
    for name in ("Samira", "Sam", "Samira"):
        sam = sam.describe(by=hana, name=name, title=name, number=f"{name}-1")
    sam.describe(by=hana, email="s@testing.example")

    assert sorted(sam.former_names.values_list("kind", "text")) == [
        ("email", "sam@testing.example"),
        ("name", "Sam"),
        ("name", "Samira"),
        ("number", "Sam-1"),
        ("number", "Samira-1"),
    ]


def test_saying_the_same_again_is_no_entry(sam, hana):
    sam.describe(by=hana, name=sam.name, email=sam.email, number="")

    assert not Entry.objects.filter(action="person.described").exists()


def test_an_email_is_kept_in_small_letters(sam, hana):
    assert sam.describe(by=hana, email=" Sam.New@Testing.example ").email == "sam.new@testing.example"


@pytest.mark.parametrize("email", ["mara@testing.example", "MARA@testing.example"])
def test_an_email_that_somebody_has_is_refused(sam, hana, email):
    with pytest.raises(NotNow) as refusal:
        sam.describe(by=hana, email=email)

    assert refusal.value.details["field"] == "email"
    assert Person.objects.get(pk=sam.pk).email == "sam@testing.example"


def test_a_staff_number_is_one_persons(sam, mara, hana):
    mara.describe(by=hana, number="E-1")

    with pytest.raises(NotNow) as refusal:
        sam.describe(by=hana, number="E-1")
    assert refusal.value.details["field"] == "number"


def test_many_have_no_staff_number(sam, mara, hana):
    for person in (sam, mara):
        assert person.describe(by=hana, number="").number is None


@pytest.mark.parametrize("field", ["leaves_on", "password", "erased_at", "pk"])
def test_nothing_else_is_described(sam, hana, field):
    with pytest.raises(TypeError):
        sam.describe(by=hana, **{field: None})


@pytest.mark.parametrize("name", ["sam", "mara", "dora", "aude", "otto", "gone"])
def test_only_hr_describes(request, sam, name):
    with pytest.raises(Denied):
        sam.describe(by=request.getfixturevalue(name), name="Somebody else")


def test_whoever_was_erased_is_described_no_more(gone, hana):
    from django.utils import timezone

    Person.objects.filter(pk=gone.pk).update(erased_at=timezone.now())

    with pytest.raises(Denied):
        gone.describe(by=hana, name="Again")


def test_everybody_says_their_own_pronouns(sam, mara, hana):
    assert sam.describe_self(pronouns="they/them", by=sam).pronouns == "they/them"
    for other in (mara, hana):
        with pytest.raises(Denied):
            sam.describe_self(pronouns="it", by=other)


def test_whoever_is_taken_in_shares_no_number(sam, hana):
    sam.describe(by=hana, number="E-1")

    with pytest.raises(NotNow) as refusal:
        Person.welcome(by=hana, email="new@testing.example", name="New", number="E-1")
    assert refusal.value.details["field"] == "number"
    assert not Person.objects.filter(name="New").exists()


@pytest.mark.parametrize("name", ["sam", "mara", "dora", "aude", "otto", "gone"])
def test_only_hr_takes_people_in(request, db, name):
    with pytest.raises(Denied):
        Person.welcome(by=request.getfixturevalue(name), email="new@testing.example", name="New")
