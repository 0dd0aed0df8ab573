"""The API: what one may not read is missing; what one may read and not do is refused with 403."""

from . import framework, people, promotions, reviews
from .asked import EVERYBODY, Asked, on, own, who

DOOR = {"door": "api"}
TOKENS = who("people.read_token") | {"for reading": {"lena"}, "for writing": {"lena"}} | {
    "of HR": {"hugo"}, "of Mara": {"mara"}
}  # fmt: skip
REVOKE = {label: names for label, names in TOKENS.items() if label != "revoked"}


def listed(**more):
    """A list: everybody gets theirs."""
    return {"GET": own(door="api", **more)}


def shown(rows, table, **more):
    return {"GET": on(rows, (200, table), door="api", **more)}


def answer_args(scene, row):
    return reviews.rating_args(scene, row)


def answer(scene, row):
    body = reviews.rating_body(scene, row)
    point = row.review.level.edition.scale.points.first().key
    return body | {"point": point}


def piece(scene, row):
    body = people.piece(scene, row)
    body.pop("version")
    return body


ROUTES = {
    "api-me": {"GET": own(**DOOR)},
    "api-assessments-list": listed(),
    "api-assessments-detail": shown(reviews.ASSESSMENT, reviews.READ),
    "api-assessments-ratings": {
        "PUT": on(
            reviews.ASSESSMENT,
            (200, reviews.WRITE),
            (403, reviews.READ),
            args=answer_args,
            body=answer,
            labels=reviews.SEEN,
            **DOOR,
        )
    },
    "api-assessments-submission": {
        "POST": on(
            reviews.ASSESSMENT,
            (201, reviews.ALL_RATED),
            (422, reviews.WRITE),
            (403, reviews.READ),
            labels=reviews.SEEN,
            **DOOR,
        )
    },
    "api-cases-list": listed(),
    "api-cases-detail": shown(promotions.CASE, promotions.READ),
    "api-cases-packets": {
        "POST": on(promotions.CASE, (201, promotions.FREEZE), (403, promotions.READ), **DOOR)
    },
    "api-cases-readiness": shown(promotions.CASE, promotions.READ),
    "api-competencies-list": listed(),
    "api-competencies-detail": shown(framework.COMPETENCY, framework.READ),
    "api-cycles-list": listed(),
    "api-cycles-detail": shown(reviews.CYCLE, who("reviews.read_cycle")),
    "api-editions-list": listed(),
    "api-editions-detail": shown(framework.EDITION, framework.READ),
    "api-evidence-list": {
        "GET": own(door="api"),
        "POST": Asked(
            (
                (201, {"": people.LOG["lena"]}),
                (403, {"": people.READ["lena"]}),
                (400, EVERYBODY),  # no such person
            ),
            body=lambda scene, row: piece(scene, row) | {"person": scene.people["lena"].pk},
            **DOOR,
        ),
    },
    "api-evidence-detail": {
        "GET": on(people.EVIDENCE, (200, who("evidence.read_evidence")), **DOOR),
        "PATCH": on(
            people.EVIDENCE,
            (422, {"of lena by dora": {"dora"}}),  # it speaks for nothing
            (200, people.WRITE),
            (403, who("evidence.read_evidence")),
            body=lambda scene, row: {"version": 0, "title": "Typed."},
            **DOOR,
        ),
        "DELETE": on(
            people.EVIDENCE,
            (422, people.SHOWN),
            (204, people.WITHDRAW),
            (403, who("evidence.read_evidence")),
            **DOOR,
        ),
    },
    "api-jobs-list": listed(),
    "api-jobs-detail": shown("jobs.Job", who("jobs.read_job")),
    "api-letters-list": listed(),
    "api-letters-detail": shown("notices.Letter", who("notices.read_letter")),
    "api-packets-list": listed(),
    "api-packets-detail": shown(promotions.PACKET, promotions.READ_PACKET),
    "api-packets-document": {
        "GET": on(promotions.PACKET, (200, promotions.TYPESET), (409, promotions.READ_PACKET), **DOOR)
    },
    "api-people-list": listed(),
    "api-people-detail": shown(people.PERSON, people.READ),
    "api-reviews-list": listed(),
    "api-reviews-detail": shown(reviews.REVIEW, who("reviews.read_review")),
    "api-reviews-comparison": shown(reviews.REVIEW, who("reviews.compare_review")),
    "api-skills-list": listed(),
    "api-skills-detail": shown("framework.Skill", framework.READ),
    "api-sources-list": listed(),
    "api-sources-detail": shown("sources.Source", framework.READ),
    "api-tokens-list": {
        "GET": own(door="api"),
        "POST": own(201, by_session=True, body=lambda scene, row: {"label": "Typed."}, **DOOR),
    },
    "api-tokens-detail": {
        "GET": on("people.Token", (200, TOKENS), **DOOR),
        "DELETE": on("people.Token", (204, REVOKE), (403, TOKENS), **DOOR),
    },
    "api-trail-list": listed(),
    "api-trail-detail": shown(
        "trail.Entry", who("trail.read_entry"), args=lambda scene, entry: (entry.public_id,)
    ),
    "api-schema": {"GET": own(door="api")},
    "api-docs": {"GET": own()},
    "api-missing": {
        method: Asked((), rows="people.Person", door="api", args=lambda scene, row: ("nowhere/",))
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    },
}
