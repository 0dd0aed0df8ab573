from datetime import date

import pytest
from django.urls import reverse

from competencies.evidence.models import Evidence


@pytest.fixture
def piece(sam, competencies):
    return Evidence.log(
        sam,
        by=sam,
        happened_on=date(2026, 2, 3),
        title="The ledger split",
        text="Two teams release alone. <script>alert(1)</script>",
        competencies=competencies[:2],
    )


@pytest.fixture
def said(competencies):
    """What somebody types into the form."""
    return {
        "version": 0,
        "title": "The queue drain",
        "happened_on": "2026-03-04",
        "kind": "incident",
        "text": "Drained in ten minutes.",
        "link": "https://example.com/incident/7",
        "competencies": [competencies[0].pk, competencies[3].pk],
    }


def test_read_by_its_person_those_above_and_hr(signed_in, piece, sam, mara, dora, hana):
    for person in (sam, mara, dora, hana):
        body = signed_in(person).get(f"/evidence/{piece.pk}/").content.decode()
        assert "Two teams release alone." in body
        assert "<script>alert" not in body
        assert "Sam, the managers above them, and HR" in body


def test_missing_for_everybody_else(signed_in, piece, kit, noor, stella, otto, sam):
    for person in (kit, noor, stella, otto):
        assert signed_in(person).get(f"/evidence/{piece.pk}/").status_code == 404
        assert signed_in(person).get(f"/people/{piece.person_id}/evidence/").status_code == 404
    assert signed_in(sam).get("/evidence/999999/").status_code == 404


def test_recorded_by_oneself(signed_in, said, sam, competencies):
    answer = signed_in(sam).post(f"/people/{sam.pk}/evidence/new/", said)

    piece = Evidence.objects.get()
    assert answer.url == f"/evidence/{piece.pk}/"
    assert (piece.person, piece.author, piece.kind) == (sam, sam, "incident")
    assert {tag.competency for tag in piece.tags.all()} == {competencies[0], competencies[3]}


def test_recorded_by_the_manager_it_names_them(signed_in, said, sam, mara):
    signed_in(mara).post(f"/people/{sam.pk}/evidence/new/", said)

    assert "recorded by Mara" in signed_in(sam).get("/evidence/").content.decode()


def test_not_recorded_by_others(signed_in, said, sam, dora, hana, kit):
    for person in (dora, hana, kit):
        assert signed_in(person).get(f"/people/{sam.pk}/evidence/new/").status_code == 404
        assert signed_in(person).post(f"/people/{sam.pk}/evidence/new/", said).status_code == 404
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "required"),
        ({"happened_on": "2099-01-01"}, "The date is in the future"),
        ({"competencies": []}, "at least one competency"),
        ({"competencies": [999_999]}, "valid choice"),
        ({"link": "javascript:alert(1)"}, "valid URL"),
        ({"text": "<script>" * 12_500}, "at most 20000 characters"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_not_lost(signed_in, said, sam, change, words):
    answer = signed_in(sam).post(f"/people/{sam.pk}/evidence/new/", {**said, **change})

    body = answer.content.decode()
    assert answer.status_code == 422
    assert words in body.replace(",", "")
    assert "https://example.com/incident/7" in body or "link" in change
    assert "<script><script>" not in body
    assert not Evidence.objects.exists()


def test_the_form_ticks_what_it_is_asked_to_and_goes_back(signed_in, said, sam, competencies):
    url = f"/people/{sam.pk}/evidence/new/?competency={competencies[5].key}&next=/reviews/"
    body = signed_in(sam).get(url).content.decode()
    assert f'value="{competencies[5].pk}"' in body
    assert "checked" in body
    assert 'value="/reviews/"' in body

    assert signed_in(sam).post(url, {**said, "next": "/reviews/"}).url == "/reviews/"


def test_it_does_not_go_elsewhere(signed_in, said, sam):
    answer = signed_in(sam).post(f"/people/{sam.pk}/evidence/new/", {**said, "next": "https://evil.example/"})

    assert answer.url.startswith("/evidence/")


def test_rewritten_by_its_author_alone(signed_in, piece, said, sam, mara, hana, kit):
    for person in (mara, hana, kit):
        assert signed_in(person).get(f"/evidence/{piece.pk}/text/").status_code == 404
        assert signed_in(person).post(f"/evidence/{piece.pk}/text/", said).status_code == 404

    assert "The ledger split" in signed_in(sam).get(f"/evidence/{piece.pk}/text/").content.decode()
    assert signed_in(sam).post(f"/evidence/{piece.pk}/text/", said).url == f"/evidence/{piece.pk}/"
    piece.refresh_from_db()
    assert (piece.title, piece.version) == ("The queue drain", 1)


def test_a_change_made_elsewhere_shows_both_and_keeps_the_stored_one(signed_in, piece, said, sam):
    url = f"/evidence/{piece.pk}/text/"
    signed_in(sam).post(url, {**said, "text": "From the first window."})

    answer = signed_in(sam).post(url, {**said, "text": "From the second window."})

    body = answer.content.decode()
    assert answer.status_code == 422
    assert "From the first window." in body
    assert "From the second window." in body
    piece.refresh_from_db()
    assert piece.text == "From the first window."
    signed_in(sam).post(url, {**said, "version": 1, "text": "Both, edited."})
    piece.refresh_from_db()
    assert piece.text == "Both, edited."


@pytest.mark.parametrize("change", [{"title": ""}, {"happened_on": "2099-01-01"}, {"competencies": []}])
def test_a_change_that_cannot_be_is_refused(signed_in, piece, said, sam, change):
    assert signed_in(sam).post(f"/evidence/{piece.pk}/text/", {**said, **change}).status_code == 422
    piece.refresh_from_db()
    assert piece.title == "The ledger split"


def test_reading_is_a_get(signed_in, piece, sam):
    assert signed_in(sam).post(f"/evidence/{piece.pk}/").status_code == 405
    assert signed_in(sam).post("/evidence/").status_code == 405


def test_withdrawing_is_looked_over_first(signed_in, sam, evidence):
    browser, piece = signed_in(sam), evidence[0]
    address = reverse("evidence_withdrawal", args=[piece.pk])
    assert address in browser.get(piece.get_absolute_url()).content.decode()
    assert "You can’t undo this." in browser.get(address).content.decode()
    assert Evidence.objects.allowing(sam, "evidence.read_evidence").filter(pk=piece.pk).exists()

    response = browser.post(address, follow=True)

    assert response.redirect_chain == [(reverse("evidence_list"), 302)]
    assert "is withdrawn" in response.content.decode()
    assert browser.get(piece.get_absolute_url()).status_code == 404


def test_what_a_rating_rests_on_is_not_withdrawn(signed_in, sam, evidence, of_self, competencies):
    of_self.rate(competencies[0], by=sam, version=0, evidence=[evidence[0]])

    response = signed_in(sam).post(reverse("evidence_withdrawal", args=[evidence[0].pk]))

    assert response.status_code == 422
    assert "You can’t withdraw this evidence" in response.content.decode()


@pytest.mark.parametrize("who", ["mara", "stella", "hana"])
def test_nobody_else_finds_the_page_that_withdraws(signed_in, evidence, who, request):
    address = reverse("evidence_withdrawal", args=[evidence[0].pk])

    assert signed_in(request.getfixturevalue(who)).post(address).status_code == 404


@pytest.mark.parametrize(
    "link",
    [
        "http://wiki/page",
        "https://jira:8443/browse/X-1",
        "http://10.0.0.7/doc",
        "http://[fe80::1]/doc",
        "https://münchen.example/straße",
        "https://sharepoint.example.com/" + "x" * 1_969,
    ],
)
def test_a_link_may_lead_into_the_companys_own_network(signed_in, said, sam, link):
    signed_in(sam).post(f"/people/{sam.pk}/evidence/new/", said | {"link": link})

    assert Evidence.objects.get().link == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://wiki/page",
        "http://",
        "http:///page",
        "http://wi ki/page",
        "http://-/page",
        "http://wiki:port/",
        "https://wiki/\u202etxt",
        "https://wiki/" + "x" * 1_990,
    ],
)
def test_what_is_no_web_address_is_refused(signed_in, said, sam, link):
    assert signed_in(sam).post(f"/people/{sam.pk}/evidence/new/", said | {"link": link}).status_code == 422
    assert not Evidence.objects.exists()
