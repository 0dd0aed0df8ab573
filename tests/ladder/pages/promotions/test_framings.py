"""Cycle, presenter and day of a case; what changes at each next step; how promotions go here."""

import pytest

from competencies.promotions.models import Policy, PromotionCase


def words(response):
    return " ".join(response.content.decode().split())


def test_both_branches_are_explained_side_by_side(signed_in, noor, kit, levels):
    page = words(signed_in(noor).get(f"/people/{kit.pk}/cases/new/"))

    assert "What changes in" in page
    for step in (levels.staff, levels.lead):
        assert step.scope in page
        assert page.count(f'data-level="{step.title}"') >= 5


def test_a_case_is_opened_with_its_presenter_and_cycle(signed_in, mara, sam, noor, levels, cycle):
    chosen = {"level": levels.staff.pk, "presenter": noor.pk, "cycle": cycle.pk}

    signed_in(mara).post(f"/people/{sam.pk}/cases/new/", chosen)

    case = PromotionCase.objects.get(subject=sam)
    assert (case.presenter, case.cycle) == (noor, cycle)


def test_they_are_changed_and_shown(signed_in, case, mara, noor, cycle):
    client = signed_in(mara)
    response = client.post(
        f"/cases/{case.pk}/framing/",
        {"presenter": noor.pk, "cycle": cycle.pk, "wanted_from": "2030-02-01"},
    )

    page = words(client.get(response.url))
    assert "Noor" in page
    assert "Autumn" in page
    assert "Proposed start: 1 February 2030" in page
    assert "selected" in words(client.get(f"/cases/{case.pk}/framing/"))


@pytest.mark.parametrize(
    ("field", "who"), [("presenter", "sam"), ("presenter", "kit"), ("cycle", "mara"), ("wanted_from", "mara")]
)
def test_what_cannot_be_chosen_is_refused_beside_its_field(request, signed_in, case, mara, field, who):
    response = signed_in(mara).post(
        f"/cases/{case.pk}/framing/", {field: request.getfixturevalue(who).pk + 900_000 * (who == "mara")}
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


@pytest.mark.parametrize("who", ["sam", "dora", "hana", "noor"])
def test_nobody_else_frames_a_case(request, signed_in, full_case, mara, who):
    full_case.share(by=mara)
    client = signed_in(request.getfixturevalue(who))

    assert client.get(f"/cases/{full_case.pk}/framing/").status_code == 404
    assert client.post(f"/cases/{full_case.pk}/framing/").status_code == 404


class TestPolicy:
    URL = "/promotions/policy/"
    USUAL = {"endorsements_needed": 1, "quorum": 3, "second_ballot": "if-split", "appeal_days": 14}

    def test_hr_decides_on_one_page(self, signed_in, hana, edition):
        client = signed_in(hana)
        assert client.get(self.URL).status_code == 200
        assert self.URL in words(client.get("/organisation/"))
        assert self.URL in words(client.get("/cases/"))

        response = client.post(self.URL, self.USUAL | {"quorum": 5, "seats": ["backend-engineering/staff"]})

        policy = Policy.here()
        assert response.url == self.URL
        assert (policy.quorum, policy.together, policy.levels_with_seat) == (
            5,
            False,
            ["backend-engineering/staff"],
        )

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("quorum", 0),
            ("quorum", 99),
            ("endorsements_needed", -1),
            ("appeal_days", 400),
            ("seats", "king"),
            ("second_ballot", "perhaps"),
        ],
    )
    def test_what_cannot_be_is_refused_beside_its_field(self, signed_in, hana, edition, field, value):
        response = signed_in(hana).post(self.URL, self.USUAL | {field: value})

        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert Policy.here().quorum == 3

    @pytest.mark.parametrize("who", ["mara", "dora", "sam", "aude", "otto"])
    def test_for_others_there_is_no_such_page(self, request, signed_in, who):
        client = signed_in(request.getfixturevalue(who))

        assert client.get(self.URL).status_code == 404
        assert client.post(self.URL, self.USUAL).status_code == 404
        assert self.URL not in words(client.get("/cases/"))
