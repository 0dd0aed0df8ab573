"""What HR governs: the name, of whom a second step is asked, and how people get in."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.people.models import Organisation, Person
from competencies.trail.models import Entry


def give_factor(person):
    return Authenticator.objects.create(user=person, type="totp", data={"secret": "sealed"})


class TestThePage:
    def test_says_of_each_role_how_many_have_none(self, signed_in, hana, mara, dora, noor):
        give_factor(mara)

        page = signed_in(hana).get("/organisation/")

        coverage = {row["value"]: (row["people"], row["without"]) for row in page.context["coverage"]}
        assert coverage["manager"] == (3, 2)
        assert coverage["hr"] == (1, 1)
        assert coverage["everyone"][0] - coverage["everyone"][1] == 1
        assert "2 of 3 haven’t set it up" in page.content.decode()

    def test_names_the_provider(self, signed_in, hana, settings):
        assert "not set up" in signed_in(hana).get("/organisation/").content.decode()
        settings.OIDC_NAME, settings.OIDC_ISSUER = "Testing ID", "https://id.testing.example"

        page = signed_in(hana).get("/organisation/").content.decode()

        assert "Testing ID" in page
        assert "https://id.testing.example" in page

    @pytest.mark.parametrize("name", ["mara", "sam", "aude", "otto"])
    def test_is_for_hr_alone(self, signed_in, request, name):
        client = signed_in(request.getfixturevalue(name))

        assert client.get("/organisation/").status_code == 404
        assert client.post("/organisation/name/", {"name": "Mine"}).status_code == 404
        assert client.post("/organisation/second-factor/", {"roles": ["hr"]}).status_code == 404

    def test_asks_the_database_as_often_for_a_hundred(self, signed_in, hana):
        client = signed_in(hana)
        client.get("/organisation/")
        counts = []
        for number in range(100):
            give_factor(Person.welcome(by=hana, email=f"new{number}@testing.example", name=f"New {number}"))
            if number in (1, 99):
                with CaptureQueriesContext(connection) as counted:
                    client.get("/organisation/")
                counts.append(len(counted))

        assert counts[0] == counts[1]


class TestAsking:
    def test_holds_from_the_next_click_on(self, signed_in, hana, mara):
        give_factor(hana)
        client = signed_in(mara)

        response = signed_in(hana).post("/organisation/second-factor/", {"roles": ["manager", "hr"]})

        assert response.url == "/organisation/"
        assert Organisation.here().second_factor_for == ["manager", "hr"]
        assert client.get("/team/").url == "/sign-in/second-step/"
        assert Entry.objects.filter(action="organisation.second_factor_required", actor=hana).exists()

    @pytest.mark.parametrize("roles", [["hr"], ["everyone"], ["hr", "auditor"]])
    def test_does_not_shut_out_whoever_asks(self, signed_in, hana, roles):
        response = signed_in(hana).post("/organisation/second-factor/", {"roles": roles})

        assert response.status_code == 422
        assert "Set up two-factor authentication for yourself first" in response.content.decode()
        assert [row["value"] for row in response.context["coverage"] if row["asked"]] == (
            [value for value, _label in Organisation.second_factor_choices() if value in roles]
        )
        assert Organisation.here().second_factor_for == []

    def test_can_be_called_off(self, signed_in, hana):
        give_factor(hana)
        Organisation.here().require_second_factor(["everyone"], by=hana)

        assert signed_in(hana).post("/organisation/second-factor/").status_code == 302
        assert Organisation.here().second_factor_for == []

    def test_refuses_a_role_that_is_none(self, signed_in, hana):
        response = signed_in(hana).post("/organisation/second-factor/", {"roles": ["owner"]})

        assert response.status_code == 422

    def test_is_no_page(self, signed_in, hana):
        assert signed_in(hana).get("/organisation/second-factor/").status_code == 302
        assert signed_in(hana).get("/organisation/name/").status_code == 302


class TestNaming:
    def test_renames_the_company(self, signed_in, hana):
        signed_in(hana).post("/organisation/name/", {"name": "Quay Ltd"})

        assert Organisation.here().name == "Quay Ltd"
        assert Entry.objects.filter(action="organisation.renamed", actor=hana).exists()

    @pytest.mark.parametrize("name", ["", "x" * 201])
    def test_refuses_beside_the_field(self, signed_in, hana, name):
        response = signed_in(hana).post("/organisation/name/", {"name": name})

        assert response.status_code == 422
        assert "name" in response.context["name_form"].errors
