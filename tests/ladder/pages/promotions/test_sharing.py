"""Two people write one draft in the browser."""

import pytest

from competencies.promotions.models import Policy, PromotionCase

HTMX = {"HX-Request": "true"}


@pytest.fixture
def shared(full_case, mara):
    full_case.share(by=mara)
    return full_case


def words(response):
    return " ".join(response.content.decode().split())


def is_shared(case):
    return PromotionCase.objects.get(pk=case.pk).is_shared


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_a_draft_is_opened_and_closed_again(signed_in, case, mara, sam, headers):
    client = signed_in(mara)
    assert "Share with Sam" in words(client.get(f"/cases/{case.pk}/"))

    assert client.post(f"/cases/{case.pk}/sharing/", headers=headers).url == f"/cases/{case.pk}/"
    assert is_shared(case)
    assert signed_in(sam).get(f"/cases/{case.pk}/").status_code == 200

    client.post(f"/cases/{case.pk}/sharing/removal/", headers=headers)
    assert not is_shared(case)
    assert signed_in(sam).get(f"/cases/{case.pk}/").status_code == 404


def test_where_sponsors_write_alone_there_is_no_button_and_a_post_is_told_why(signed_in, case, mara, hana):
    Policy.here().change(by=hana, together=False)
    client = signed_in(mara)

    assert "Share with Sam" not in words(client.get(f"/cases/{case.pk}/"))
    assert "has the sponsor write the case alone" in words(
        client.post(f"/cases/{case.pk}/sharing/", follow=True)
    )
    assert not is_shared(case)


@pytest.mark.parametrize("who", ["sam", "dora", "hana", "noor", "otto"])
def test_nobody_else_opens_or_closes_it(request, signed_in, shared, who):
    client = signed_in(request.getfixturevalue(who))

    assert client.post(f"/cases/{shared.pk}/sharing/").status_code == 404
    assert client.post(f"/cases/{shared.pk}/sharing/removal/").status_code == 404
    assert is_shared(shared)


def test_the_candidate_gets_the_workspace_without_what_is_the_managers(signed_in, shared, sam, mara):
    shared.statement("manager").write("Between me and the committee.", by=mara, version=1)

    page = words(signed_in(sam).get(f"/cases/{shared.pk}/"))

    assert "Your case for Staff" in page
    assert "Text of gaps." in page
    assert "Between me and the committee." not in page
    assert "Propose case" not in page
    assert "statement-manager" not in page


@pytest.mark.parametrize("address", ["/cases/{}/packet/", "/cases/{}/packet/?variant=committee"])
def test_the_preview_for_the_candidate_is_without_it_too(signed_in, shared, sam, mara, address):
    shared.statement("manager").write("Between me and the committee.", by=mara, version=1)
    theirs, mine = (signed_in(one).get(address.format(shared.pk)) for one in (mara, sam))

    assert "Between me and the committee." in words(theirs)
    assert mine.status_code == 200
    assert "Between me and the committee." not in words(mine)


def test_the_candidate_does_not_write_it(signed_in, shared, sam):
    response = signed_in(sam).post(f"/cases/{shared.pk}/statements/manager/", {"text": "Mine.", "version": 1})

    assert response.status_code == 404
    assert shared.statements.get(kind="manager").text == "Text of manager."


def test_nothing_tells_the_candidate_whether_it_is_written(signed_in, shared, sam, mara):
    shared.statement("manager").write("", by=mara, version=1)

    page = words(signed_in(sam).get(f"/cases/{shared.pk}/"))

    assert "manager’s statement is empty" not in page
    assert "Nothing is missing on your side" in page


def test_both_texts_of_a_conflict_are_shown_with_whose_the_saved_one_is(signed_in, shared, sam, mara):
    shared.statement("gaps").write("Hers.", by=mara, version=1)

    response = signed_in(sam).post(
        f"/cases/{shared.pk}/statements/gaps/", {"text": "His.", "version": 1}, headers=HTMX
    )

    assert response.status_code == 422
    for expected in ("His.", "Hers.", "What Mara saved"):
        assert expected in words(response)


def test_who_else_writes_is_told_and_asked_again(signed_in, shared, sam, mara):
    client = signed_in(mara)
    address = f"/cases/{shared.pk}/writing/"
    assert "Nobody else has edited it yet" in words(client.get(address, headers=HTMX))

    shared.statement("scope").write("Anew.", by=sam, version=1)

    assert "Sam is editing “Scope and influence”" in words(client.get(address, headers=HTMX))
    assert "Last edited by Sam" in words(client.get(f"/cases/{shared.pk}/"))
    assert client.get(address).url == f"/cases/{shared.pk}/"


def test_the_page_stops_asking_once_the_draft_is_closed(signed_in, shared, sam, mara):
    client, address = signed_in(sam), f"/cases/{shared.pk}/writing/"
    assert "every 30s" in words(client.get(address, headers=HTMX))

    shared.propose(by=mara)

    page = words(client.get(address, headers=HTMX))
    assert "The draft is closed" in page
    assert "every 30s" not in page


def test_that_the_manager_writes_their_statement_is_not_told(signed_in, shared, sam, mara):
    shared.statement("manager").write("Anew.", by=mara, version=1)

    assert "Manager" not in words(signed_in(sam).get(f"/cases/{shared.pk}/writing/", headers=HTMX))


def test_it_stands_among_what_each_has_to_do(signed_in, shared, sam, mara):
    assert "Contribute to your case for Staff" in words(signed_in(sam).get("/"))
    assert "that you and Sam write together" in words(signed_in(mara).get("/"))


def test_the_api_shows_the_candidate_all_but_the_managers(signed_in, shared, sam, mara):
    theirs, mine = (signed_in(one).get(f"/api/v1/cases/{shared.pk}/").json() for one in (mara, sam))

    assert {row["kind"] for row in theirs["statements"]} - {row["kind"] for row in mine["statements"]} == {
        "manager"
    }
    assert mine["presenter"]["name"] == "Mara"
    assert mine["cycle"] is None
    assert [row["text"] for row in theirs["endorsements"]] == ["They led the split."]
    assert [row["text"] for row in mine["endorsements"]] == [None]


def test_a_withdrawal_of_what_others_read_says_why(signed_in, shared, sam):
    client = signed_in(sam)

    assert client.post(f"/cases/{shared.pk}/withdrawal/", {"reason": " "}).status_code == 422
    assert client.post(f"/cases/{shared.pk}/withdrawal/", {"reason": "Next year."}).status_code == 302
    assert "Next year." in words(client.get(f"/cases/{shared.pk}/"))


def test_before_it_is_shared_it_is_said_what_the_candidate_learns(signed_in, case, mara):
    page = words(signed_in(mara).get(f"/cases/{case.pk}/sharing/"))

    assert "Sam will know of the case from now on" in page
    assert "except your manager’s statement" in page
    assert not is_shared(case)


@pytest.mark.parametrize("ask", ["get", "post"])
def test_who_shared_a_draft_is_told_so_and_others_are_not(signed_in, shared, mara, sam, kit, ask):
    address = f"/cases/{shared.pk}/sharing/"

    again = getattr(signed_in(mara), ask)(address, follow=True)

    assert again.redirect_chain == [(f"/cases/{shared.pk}/", 302)]
    assert "You have already shared this draft." in words(again)
    for person in (sam, kit):
        assert getattr(signed_in(person), ask)(address).status_code == 404


def test_by_get_nothing_is_closed(signed_in, shared, mara):
    assert signed_in(mara).get(f"/cases/{shared.pk}/sharing/removal/").status_code == 302
    assert is_shared(shared)
