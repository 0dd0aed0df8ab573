"""The first person takes themselves in, by a key that the server shows; the races have an empty house."""

import pytest

from competencies.core.refusals import Denied, NotNow
from competencies.people.models import Organisation, Person
from competencies.trail.models import Entry

UNA = {"name": "Una", "email": "Una@New.example", "password": "a long and private phrase"}


@pytest.fixture
def empty(db, monkeypatch):
    """A house that takes itself for empty until somebody is taken in."""
    monkeypatch.setattr(type(Person.objects), "exists", lambda people: people.filter(name="Una").count() > 0)


def test_the_first_person_holds_the_roles_and_names_the_company(empty):
    key = Organisation.offer_setup()

    una = Organisation.set_up(key, **UNA, company="New Ltd", roles=["hr", "author", "hr"])

    assert Organisation.here().name == "New Ltd"
    assert una.roles == {"hr", "author"}
    assert una.check_password(UNA["password"])
    told = Entry.objects.filter(about=una).order_by("sequence")
    assert [(entry.action, entry.actor) for entry in told] == [
        ("person.welcomed", None),
        ("role.granted", None),
        ("role.granted", None),
    ]


def test_the_key_opens_once(empty):
    key = Organisation.offer_setup()
    Organisation.set_up(key, **UNA, company="New Ltd", roles=["hr"])

    assert not Organisation.is_setup_key(key)
    with pytest.raises(NotNow):
        Organisation.set_up(key, **UNA | {"email": "b@new.example"}, company="Other Ltd", roles=["hr"])
    with pytest.raises(NotNow):
        Organisation.offer_setup()


def test_a_newer_key_voids_the_one_before(empty):
    old, new = Organisation.offer_setup(), Organisation.offer_setup()

    assert not Organisation.is_setup_key(old)
    assert Organisation.is_setup_key(new)


@pytest.mark.parametrize("key", ["", "a-guess", "0" * 43])
def test_any_other_key_is_refused(empty, key):
    Organisation.offer_setup()

    with pytest.raises(NotNow):
        Organisation.set_up(key, **UNA, company="New Ltd", roles=["hr"])


def test_no_key_was_offered_so_none_fits(empty):
    assert not Organisation.is_setup_key("")


def test_the_key_is_kept_as_a_digest(empty):
    key = Organisation.offer_setup()

    assert key not in {str(value) for value in vars(Organisation.here()).values()}


def test_where_somebody_is_nothing_is_offered(sam):
    with pytest.raises(NotNow):
        Organisation.offer_setup()


class TestASecondFactor:
    @pytest.mark.parametrize(
        ("asked", "of"),
        [
            ([], set()),
            (["everyone"], {"sam", "mara", "hana", "otto"}),
            (["manager"], {"mara"}),
            (["hr"], {"hana"}),
            (["hr", "auditor"], {"hana", "otto"}),
        ],
    )
    def test_is_asked_of_whoever_holds_the_role_today(self, request, hana, asked, of):
        organisation = Organisation.here().require_second_factor(asked, by=hana)

        people = {name: request.getfixturevalue(name) for name in ("sam", "mara", "hana", "otto")}
        assert {name for name, person in people.items() if organisation.asks_second_factor_of(person)} == of

    def test_is_asked_of_known_roles_alone(self, hana):
        organisation = Organisation.here().require_second_factor(["hr", "king"], by=hana)

        assert organisation.second_factor_for == ["hr"]
        assert Entry.objects.get(action="organisation.second_factor_required").details == {"roles": ["hr"]}

    @pytest.mark.parametrize("name", ["sam", "mara", "dora", "aude", "otto", "gone"])
    def test_is_for_hr_to_ask(self, request, db, name):
        with pytest.raises(Denied):
            Organisation.here().require_second_factor(["hr"], by=request.getfixturevalue(name))
