"""The main job by program: rate, hand in, record evidence, freeze and fetch a packet, and every refusal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competencies.evidence.models import Evidence
from competencies.packets.models import Packet
from competencies.reviews.models import Rating
from competencies.trail.models import Entry
from tests.ladder.api.speaking import Api, told

NEVER = 10**9
TODAY = timezone.localdate


def answer(**changes):
    return {"version": 0, "point": "consistent", "comment": "Seen."} | changes


def test_a_rating_is_kept_through_the_same_transition(holding, sam, of_self, competencies, evidence):
    body = answer(evidence=[evidence[0].pk])

    response = holding(sam).put(f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/", body)

    assert response.status_code == 200
    assert response.json() == {
        "competency": {"id": competencies[0].pk, "key": competencies[0].key, "title": competencies[0].title},
        "point": {"key": "consistent", "label": "Consistent", "value": 3},
        "comment": "Seen.",
        "evidence": [
            {"id": evidence[0].pk, "title": "Piece 1", "happened_on": evidence[0].happened_on.isoformat()}
        ],
        "version": 1,
    }
    assert Entry.objects.get(action="rating.saved").actor == sam


def test_a_rating_without_evidence_leaves_it_as_it_is(holding, sam, of_self, competencies, evidence):
    path = f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/"
    holding(sam).put(path, answer(evidence=[evidence[0].pk]))

    row = holding(sam).put(path, answer(version=1, point=None)).json()

    assert ([piece["id"] for piece in row["evidence"]], row["point"]) == ([evidence[0].pk], None)
    assert holding(sam).put(path, answer(version=2, evidence=[])).json()["evidence"] == []


def test_of_two_writers_with_one_version_the_second_gets_both_texts(holding, sam, of_self, competencies):
    path = f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/"
    phone, laptop = holding(sam), holding(sam)
    assert phone.put(path, answer(comment="from the phone")).status_code == 200

    members = told(laptop.put(path, answer(comment="from the laptop", point="not-yet")), 409, "stale")

    assert members["stored"] == {"point": "consistent", "comment": "from the phone"}
    assert members["offered"] == {"point": "not-yet", "comment": "from the laptop"}
    assert members["version"] == 1
    assert Rating.objects.get().comment == "from the phone"
    assert laptop.put(path, answer(version=1, comment="both")).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"point": "excellent"}, "point"),
        ({"point": 3.5}, "point"),
        ({"point": ""}, "point"),
        ({"version": None}, "version"),
        ({"version": -1}, "version"),
        ({"version": "later"}, "version"),
        ({"version": 10**40}, "version"),
        ({"comment": "x" * 20_001}, "comment"),
        ({"comment": "\x00"}, "comment"),
        ({"comment": None}, "comment"),
        ({"comment": ["a"]}, "comment"),
        ({"evidence": [NEVER]}, "evidence"),
        ({"evidence": [2**70]}, "evidence.0"),
        ({"evidence": ["one"]}, "evidence.0"),
        ({"evidence": {"a": 1}}, "evidence"),
        ({"evidence": list(range(1, 200))}, "evidence"),
        ({"state": "submitted"}, "state"),
        ({"author": 1}, "author"),
        ({"round": 2}, "round"),
        ({"is_admin": True}, "is_admin"),
    ],
)
def test_a_body_that_does_not_fit_changes_nothing_and_names_the_field(
    holding, sam, of_self, competencies, change, field
):
    path = f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/"

    members = told(holding(sam).put(path, answer(**change)), 400, "invalid")

    assert list(members["errors"]) == [field]
    assert not Rating.objects.exists()


@pytest.mark.parametrize("left_out", ["version", "point", "comment"])
def test_an_answer_is_whole(holding, sam, of_self, competencies, left_out):
    body = answer()
    del body[left_out]

    members = told(
        holding(sam).put(f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/", body), 400, "invalid"
    )
    assert list(members["errors"]) == [left_out]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b'{"version": NaN}',
        b'{"version": ' + b"9" * 5_000 + b"}",
        b'{"x": "\\ud800"}',
        b'{"\\udfff": 1}',
        b"\xff\xfe",
        b"nonsense",
    ],
    ids=repr,
)
def test_what_is_no_json_is_refused(holding, sam, of_self, competencies, body):
    response = holding(sam).put(f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/", body[:100_000])

    told(response, 400, "invalid" if body == b"" else "parse-error")


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"text"', b"true"])
def test_json_that_is_no_object_is_refused(holding, sam, of_self, competencies, body):
    path = f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/"

    told(holding(sam).put(path, body), 400, "invalid")


def test_a_number_without_end_is_refused_in_words(holding, sam, of_self, competencies):
    path = f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/"
    problem = told(holding(sam).put(path, b'{"version": ' + b"9" * 5_000 + b"}"), 400, "parse-error")
    assert "more than 400 digits" in problem["detail"]


def test_a_body_of_more_than_a_mebibyte_is_refused(holding, sam, of_self, competencies):
    path = f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/"

    told(holding(sam).put(path, answer(comment="x" * (1 << 20))), 413, "too-large")


def test_another_content_type_is_refused(holding, sam):
    client = holding(sam)
    response = client.client.post("/api/v1/evidence/", {"title": "form"}, headers=client.headers)

    told(response, 415, "unsupported-media-type")


def test_evidence_of_somebody_else_is_refused(
    holding, mara, of_manager, competencies, noor, kit, leo, points
):
    path = f"assessments/{of_manager.pk}/ratings/{competencies[0].pk}/"
    work = {
        person: Evidence.log(
            person, by=person, happened_on=TODAY(), title="Work", competencies=competencies[:1]
        )
        for person in (kit, leo)
    }

    hidden = told(holding(mara).put(path, answer(evidence=[work[kit].pk])), 400, "invalid")
    told(holding(mara).put(path, answer(evidence=[work[leo].pk])), 422, "not-now")

    assert hidden["errors"] == {"evidence": [f"There is no such record: {work[kit].pk}."]}
    assert not Rating.objects.exists()


def test_a_competency_of_no_or_another_edition_is_missing(holding, sam, of_self):
    told(holding(sam).put(f"assessments/{of_self.pk}/ratings/{NEVER}/", answer()), 404, "not-found")


def test_nobody_rates_for_somebody_else(holding, request, of_self, competencies):
    path = f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/"

    for name in ("mara", "dora", "hana", "noor", "aude"):
        told(holding(request.getfixturevalue(name)).put(path, answer()), 404, "not-found")
    assert not Rating.objects.exists()


def test_handing_in_with_ratings_missing_names_them(holding, sam, of_self, competencies, points):
    of_self.rate(competencies[0], by=sam, version=0, point=points.consistent)

    members = told(holding(sam).post(f"assessments/{of_self.pk}/submission/"), 422, "unrated")

    assert members["missing"] == [competency.key for competency in competencies[1:]]
    assert members["detail"] == "Not submitted yet: 14 competencies are still unrated."


def test_the_whole_assessment_by_program(holding, sam, mara, of_self, of_manager, competencies):
    for person, assessment in ((sam, of_self), (mara, of_manager)):
        client = holding(person)
        for competency in competencies:
            path = f"assessments/{assessment.pk}/ratings/{competency.pk}/"
            assert client.put(path, answer()).status_code == 200
        response = client.post(f"assessments/{assessment.pk}/submission/")
        assert response.status_code == 201
        assert response.json()["revealed"] is (person == mara)

    assert holding(sam).get(f"reviews/{of_self.review_id}/comparison/").status_code == 200


def test_a_second_submit_is_refused_in_words(holding, sam, revealed, of_self, competencies):
    told(holding(sam).post(f"assessments/{of_self.pk}/submission/"), 403, "denied")
    told(holding(sam).put(f"assessments/{of_self.pk}/ratings/{competencies[0].pk}/", answer()), 403, "denied")
    assert of_self.submissions.count() == 1


def test_a_submission_takes_no_fields(holding, sam, of_self):
    members = told(holding(sam).post(f"assessments/{of_self.pk}/submission/", {"round": 2}), 400, "invalid")

    assert list(members["errors"]) == ["round"]


def work(whose, shows, **changes):
    return {
        "person": whose.pk,
        "happened_on": TODAY().isoformat(),
        "title": "Split the ledger",
        "competencies": [shows[0].pk],
        "text": "No joint release since.",
        "link": "https://example.org/1",
        "kind": "design",
    } | changes


def test_evidence_is_recorded_and_changed(holding, sam, competencies):
    created = holding(sam).post("evidence/", work(sam, competencies))
    assert created.status_code == 201
    row = created.json()
    assert (row["author"]["name"], row["kind"], row["version"]) == ("Sam", "design", 0)

    changed = holding(sam).patch(f"evidence/{row['id']}/", {"version": 0, "title": "Split it in two"}).json()

    assert (changed["title"], changed["text"], changed["version"]) == ("Split it in two", row["text"], 1)
    assert changed["competencies"] == row["competencies"]
    stale = told(holding(sam).patch(f"evidence/{row['id']}/", {"version": 0, "title": "Late"}), 409, "stale")
    assert stale["stored"] == {"title": "Split it in two"}


def test_a_manager_records_a_reports_work_and_only_the_author_changes_it(holding, sam, mara, competencies):
    row = holding(mara).post("evidence/", work(sam, competencies)).json()

    assert (row["person"]["name"], row["author"]["name"]) == ("Sam", "Mara")
    told(holding(sam).patch(f"evidence/{row['id']}/", {"version": 0, "title": "Mine"}), 403, "denied")


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"person": NEVER}, 400, "invalid", "person"),
        ({"person": True}, 400, "invalid", "person"),
        ({"competencies": []}, 400, "invalid", "competencies"),
        ({"competencies": [NEVER]}, 400, "invalid", "competencies"),
        ({"link": "javascript:alert(1)"}, 400, "invalid", "link"),
        ({"happened_on": "yesterday"}, 400, "invalid", "happened_on"),
        ({"kind": "gossip"}, 400, "invalid", "kind"),
        ({"title": " "}, 400, "invalid", "title"),
        ({"author": 1}, 400, "invalid", "author"),
        ({"version": 3}, 400, "invalid", "version"),
        ({"happened_on": (TODAY() + timedelta(days=2)).isoformat()}, 422, "not-now", None),
    ],
)
def test_evidence_that_does_not_fit_is_refused(holding, sam, competencies, change, status, code, field):
    members = told(holding(sam).post("evidence/", work(sam, competencies, **change)), status, code)

    assert list(members.get("errors", [None])) == [field]
    assert not Evidence.objects.exists()


def test_evidence_of_a_stranger_is_refused_by_field_and_of_a_reports_report_in_words(
    holding, dora, mara, sam, kit, competencies
):
    hidden = told(holding(mara).post("evidence/", work(kit, competencies)), 400, "invalid")
    told(holding(dora).post("evidence/", work(sam, competencies)), 403, "denied")

    assert list(hidden["errors"]) == ["person"]
    assert not Evidence.objects.exists()


def test_evidence_is_not_replaced(holding, sam, evidence):
    told(holding(sam).put(f"evidence/{evidence[0].pk}/"), 405, "method-not-allowed")


def test_a_change_needs_the_version_it_was_made_from(holding, sam, evidence):
    members = told(holding(sam).patch(f"evidence/{evidence[0].pk}/", {"title": "New"}), 400, "invalid")

    assert list(members["errors"]) == ["version"]


def test_a_packet_is_frozen_read_and_fetched(holding, mara, full_case, settings, tmp_path):
    settings.PACKET_DIR = tmp_path
    created = holding(mara).post(f"cases/{full_case.pk}/packets/", {"variant": "committee"})
    assert created.status_code == 201
    row = created.json()

    packet = Packet.objects.get(pk=row["id"])
    whole = holding(mara).get(f"packets/{packet.pk}/").json()
    assert (whole["content"], whole["digest"], whole["state"]) == (packet.content, packet.digest, "waiting")

    waiting = holding(mara).get(f"packets/{packet.pk}/document/")
    told(waiting, 409, "not-ready")
    assert waiting.headers["Retry-After"] == "2"

    (tmp_path / "one.pdf").write_bytes(b"%PDF-1.7 as typeset")
    packet.keep("one.pdf", sha256="0" * 64, pages=1, size=19)
    fetched = holding(mara).get(f"packets/{packet.pk}/document/", Accept="application/pdf")
    assert b"".join(fetched.streaming_content) == b"%PDF-1.7 as typeset"
    assert fetched.headers["Content-Type"] == "application/pdf"
    assert f'filename="{packet.number}.pdf"' in fetched.headers["Content-Disposition"]
    assert Entry.objects.get(action="draft.downloaded").actor == mara


def test_a_document_that_is_gone_from_disk_is_a_problem_and_no_error_of_ours(holding, mara, full_case):
    row = holding(mara).post(f"cases/{full_case.pk}/packets/").json()
    Packet.objects.get(pk=row["id"]).keep("gone.pdf", sha256="0" * 64, pages=1, size=19)

    told(holding(mara).get(f"packets/{row['id']}/document/"), 404, "not-found")
    assert not Entry.objects.filter(action__endswith=".downloaded").exists()


def test_a_packet_that_failed_says_why(holding, mara, full_case):
    row = holding(mara).post(f"cases/{full_case.pk}/packets/").json()
    Packet.objects.get(pk=row["id"]).orders.get().fail("Pango is missing.")

    response = holding(mara).get(f"packets/{row['id']}/document/", Accept="application/pdf")

    assert "Pango is missing." in told(response, 409, "not-ready")["detail"]


def test_a_client_that_asks_for_neither_form_is_told(holding, mara, packet):
    told(holding(mara).get(f"packets/{packet.pk}/document/", Accept="image/png"), 406, "not-acceptable")


def test_who_reads_a_case_does_not_thereby_freeze_it(holding, sam, full_case, packet):
    told(holding(sam).post(f"cases/{full_case.pk}/packets/"), 403, "denied")
    told(holding(sam).post(f"cases/{full_case.pk}/packets/", {"variant": "secret"}), 400, "invalid")


def test_a_token_is_made_in_a_session_shown_once_and_revoked(api, bearing, sam):
    made = api(sam).post("tokens/", {"label": "nightly export", "scope": "read", "days": 7})
    assert made.status_code == 201
    row = made.json()

    assert bearing(row["key"]).get("me/").status_code == 200
    assert row["key"] not in api(sam).get("tokens/").content.decode()

    assert api(sam).delete(f"tokens/{row['id']}/").status_code == 204
    told(bearing(row["key"]).get("me/"), 401, "authentication-failed")
    told(api(sam).delete(f"tokens/{row['id']}/"), 403, "denied")


def test_a_session_of_long_ago_makes_no_token(signed_in, sam):
    told(Api(signed_in(sam)).post("tokens/", {"label": "longer"}), 403, "permission-denied")
    assert not sam.tokens.exists()


def test_a_token_makes_no_other_token(holding, sam):
    told(holding(sam).post("tokens/", {"label": "longer"}), 403, "permission-denied")
    assert sam.tokens.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"scope": "admin"}, "scope"),
        ({"person": 1}, "person"),
    ],
)
def test_a_token_that_does_not_fit_is_refused(api, sam, change, field):
    members = told(api(sam).post("tokens/", {"label": "test"} | change), 400, "invalid")

    assert list(members["errors"]) == [field]
    assert not sam.tokens.exists()


def test_evidence_is_withdrawn(holding, sam, mara, evidence):
    told(holding(mara).delete(f"evidence/{evidence[0].pk}/"), 403, "denied")

    assert holding(sam).delete(f"evidence/{evidence[0].pk}/").status_code == 204
    told(holding(sam).get(f"evidence/{evidence[0].pk}/"), 404, "not-found")


def test_evidence_that_a_rating_rests_on_is_not_withdrawn(holding, sam, evidence, of_self, competencies):
    of_self.rate(competencies[0], by=sam, version=0, evidence=[evidence[0]])

    told(holding(sam).delete(f"evidence/{evidence[0].pk}/"), 422, "not-now")
