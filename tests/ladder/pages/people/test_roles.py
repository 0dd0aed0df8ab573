import pytest

from competencies.people.models import RoleGrant


@pytest.fixture
def hr(signed_in, hana):
    return signed_in(hana)


def test_a_role_is_given(hr, sam):
    answer = hr.post(f"/people/{sam.pk}/roles/", {"role": "auditor"}, follow=True)

    assert answer.redirect_chain == [(f"/people/{sam.pk}/roles/", 302)]
    assert "Sam now has the role Auditor." in answer.content.decode()
    assert sam.roles == {"auditor"}


def test_it_works_on_the_next_request_and_not_after_it_was_taken_back(hr, signed_in, sam):
    client = signed_in(sam)
    assert client.get("/trail/").status_code == 404

    hr.post(f"/people/{sam.pk}/roles/", {"role": "auditor"})
    assert client.get("/trail/").status_code == 200

    hr.post(f"/grants/{sam.grants.get().pk}/revocation/")
    assert client.get("/trail/").status_code == 404


def test_no_role_is_chosen_before_one_is(hr, sam):
    field = hr.get(f"/people/{sam.pk}/roles/").context["form"]["role"]

    chosen = [option.data["value"] for option in field if option.data["selected"]]
    assert chosen == [""]
    assert field.field.required


@pytest.mark.parametrize("role", ["", "king"])
def test_a_role_that_is_none_is_refused(hr, sam, role):
    assert hr.post(f"/people/{sam.pk}/roles/", {"role": role}).status_code == 422


def test_a_role_held_is_not_offered_again(hr, otto):
    page = hr.get(f"/people/{otto.pk}/roles/")

    assert [value for value, _label in page.context["form"].fields["role"].choices] == ["", "hr", "author"]
    assert hr.post(f"/people/{otto.pk}/roles/", {"role": "auditor"}).status_code == 422


def test_the_last_of_hr_who_stays_keeps_it_and_the_page_says_why(hr, sam, hana):
    from datetime import timedelta

    from competencies.core.clock import today

    of_sam = sam.grant("hr", by=hana)
    hana.leave(on=today() + timedelta(days=3), by=sam)

    answer = hr.post(f"/grants/{of_sam.pk}/revocation/")

    assert answer.status_code == 422
    assert "No one else who stays has the HR role" in answer.content.decode()
    assert RoleGrant.objects.get(pk=of_sam.pk).revoked_at is None


def test_a_revocation_is_no_page(hr, otto):
    answer = hr.get(f"/grants/{otto.grants.get().pk}/revocation/")

    assert answer.url == f"/people/{otto.pk}/roles/"
    assert otto.grants.in_force().exists()


def test_hr_keeps_out_of_their_own(hr, hana):
    assert hr.get(f"/people/{hana.pk}/roles/").status_code == 404
    assert hr.post(f"/grants/{hana.grants.get().pk}/revocation/").status_code == 404


@pytest.mark.parametrize("name", ["sam", "mara", "dora", "aude", "otto"])
def test_for_anybody_but_hr_there_is_no_such_page(signed_in, request, kit, otto, name):
    client = signed_in(request.getfixturevalue(name))

    assert client.get(f"/people/{kit.pk}/roles/").status_code == 404
    assert client.post(f"/people/{kit.pk}/roles/", {"role": "hr"}).status_code == 404
    assert client.post(f"/grants/{otto.grants.get().pk}/revocation/").status_code == 404
    assert not kit.roles
