"""The page of a whole record: one's own, and that of others for HR."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import now
from competencies.jobs.models import Job
from competencies.personal_data.erasure import erase
from competencies.personal_data.models import Export, Hold
from competencies.trail.models import Entry


def words(response):
    return " ".join(response.content.decode().split())


def test_one_s_own_has_a_copy_and_who_saw_it_and_no_more(signed_in, sam):
    page = words(signed_in(sam).get("/record/"))

    assert "Create copy" in page
    assert f"/people/{sam.pk}/trail/" in page
    assert "Holds" not in page
    assert "Erasure" not in page
    assert signed_in(sam).get(f"/people/{sam.pk}/record/").url == "/record/"


def test_hr_finds_holds_and_the_way_to_erasure(signed_in, left, hana):
    page = words(signed_in(hana).get(f"/people/{left.pk}/record/"))

    assert "Place a hold" in page
    assert f"/people/{left.pk}/record/erasure/" in page
    assert Entry.objects.filter(action="record.read", actor=hana, about=left).count() == 1


def test_a_person_is_told_of_a_hold_but_not_why(signed_in, sam, hana):
    Hold.place(sam, by=hana, reason="A COURTCASE.")

    page = words(signed_in(sam).get("/record/"))
    assert "Your record is on hold." in page
    assert "COURTCASE" not in page


@pytest.mark.parametrize("who", ["mara", "dora", "noor", "otto", "aude", "leo"])
def test_a_stranger_finds_nothing(request, signed_in, sam, who):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(f"/people/{sam.pk}/record/").status_code == 404
    assert client.get(f"/people/{sam.pk}/record/erasure/").status_code == 404
    assert client.post(f"/people/{sam.pk}/record/holds/", {"reason": "x"}).status_code == 404
    assert not Entry.objects.filter(action="record.read").exists()


def test_copies_of_others_are_not_listed(signed_in, sam, hana):
    Export.order(sam, by=sam)

    assert "Copy of " not in words(signed_in(hana).get(f"/people/{sam.pk}/record/")).replace(
        "Copy of the", ""
    )


def copied(person, by, **told):
    job = Job.objects.create(kind=Job.Kind.RECORD_COPY, by=by, **told)
    return Export.objects.create(person=person, job=job)


def test_the_queries_do_not_grow(signed_in, sam, hana):
    client, url = signed_in(hana), f"/people/{sam.pk}/record/"

    def count():
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    Hold.place(sam, by=hana, reason="One.")
    copied(sam, hana)
    few = count()
    for number in range(4):
        Hold.place(sam, by=hana, reason=f"More {number}.").lift(by=hana, reason="Over.")
        Hold.place(sam, by=hana, reason=f"More {number}.")
        copied(sam, hana, ended_at=now())
    assert count() == few


class TestHolds:
    def test_hr_places_one_and_lifts_it(self, signed_in, sam, hana):
        client = signed_in(hana)
        placed = client.post(f"/people/{sam.pk}/record/holds/", {"reason": "A dispute."}, follow=True)
        hold = Hold.objects.get()
        lifted = client.post(
            f"/holds/{hold.pk}/lifting/", {f"hold-{hold.pk}-reason": "Settled."}, follow=True
        )

        assert "Hold placed." in words(placed)
        assert "Settled." in words(lifted)
        assert not Hold.objects.active().exists()

    @pytest.mark.parametrize("reason", ["", " ", "Twice."])
    def test_a_refusal_stands_beside_the_field(self, signed_in, sam, hana, reason):
        Hold.place(sam, by=hana, reason="Twice.")

        response = signed_in(hana).post(f"/people/{sam.pk}/record/holds/", {"reason": reason})

        assert response.status_code == 422
        assert "field__error" in words(response)
        assert Hold.objects.count() == 1

    def test_lifting_needs_its_reason(self, signed_in, sam, hana):
        hold = Hold.place(sam, by=hana, reason="One.")

        response = signed_in(hana).post(f"/holds/{hold.pk}/lifting/", {f"hold-{hold.pk}-reason": ""})

        assert response.status_code == 422
        assert Hold.objects.active().exists()

    def test_nobody_lifts_what_they_may_not(self, signed_in, sam, hana, mara):
        hold = Hold.place(sam, by=hana, reason="One.")

        assert signed_in(mara).post(f"/holds/{hold.pk}/lifting/", {"reason": "x"}).status_code == 404
        assert signed_in(sam).post(f"/holds/{hold.pk}/lifting/", {"reason": "x"}).status_code == 404
        assert signed_in(hana).post("/holds/999/lifting/", {"reason": "x"}).status_code == 404

    def test_reading_does_nothing(self, signed_in, sam, hana):
        hold = Hold.place(sam, by=hana, reason="One.")
        client = signed_in(hana)

        assert client.get(f"/people/{sam.pk}/record/holds/").status_code == 302
        assert client.get(f"/holds/{hold.pk}/lifting/").status_code == 302


class TestErasure:
    @staticmethod
    def url(person):
        return f"/people/{person.pk}/record/erasure/"

    def test_it_says_what_would_go_and_changes_nothing(self, signed_in, evidence, left, hana):
        page = words(signed_in(hana).get(self.url(left)))

        assert 'Evidence</th><td class="table__number">4</td>' in page
        left.refresh_from_db()
        assert left.erased_at is None

    def test_the_name_typed_erases_and_the_page_says_what_went(self, signed_in, evidence, left, hana):
        response = signed_in(hana).post(self.url(left), {"name": "Sam"}, follow=True)

        left.refresh_from_db()
        assert left.erased_at
        page = words(response)
        assert "Record erased." in page
        assert f"Erased person {left.pk}" in page
        assert 'Evidence</th><td class="table__number">4</td>' in page
        assert "Sam" not in page.replace("Sample", "")

    @pytest.mark.parametrize("name", ["", "sam", "Sam Wrong"])
    def test_another_name_erases_nobody(self, signed_in, left, hana, name):
        response = signed_in(hana).post(self.url(left), {"name": name})

        left.refresh_from_db()
        assert response.status_code == 422
        assert left.erased_at is None

    def test_a_hold_is_told_and_blocks_it(self, signed_in, left, hana):
        Hold.place(left, by=hana, reason="A dispute.")
        client = signed_in(hana)

        page = words(client.get(self.url(left)))
        assert "can’t be erased" in page
        assert "Erase for good" not in page
        assert client.post(self.url(left), {"name": "Sam"}).status_code == 422
        left.refresh_from_db()
        assert left.erased_at is None

    def test_who_is_here_or_erased_already_is_not_found(self, signed_in, sam, hana, leo, left):
        client = signed_in(hana)
        assert client.get(self.url(leo)).status_code == 404
        assert client.get(self.url(hana)).status_code == 404
        erase(left, by=hana)
        assert client.get(self.url(left)).status_code == 404
        assert client.get(f"/people/{left.pk}/record/").status_code == 200

    def test_the_name_is_found_nowhere_any_more(self, signed_in, left, hana, otto):
        left.name = "Sam Canaryson"
        left.save()
        erase(left, by=hana)

        searching = [
            (hana, "/people/?q=canaryson"),
            (hana, "/search/?q=canaryson"),
            (otto, "/trail/?about=canaryson"),
        ]
        for person, url in searching:
            page = words(signed_in(person).get(url))
            assert "Sam Canaryson" not in page
            assert f"Erased person {left.pk}" not in page
