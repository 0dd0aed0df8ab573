"""What the OpenAPI document says beyond the views: the problems that each operation may answer."""

from typing import Any

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457): a sentence for people and a code for programs.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "description": "`urn:ladder:` and the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for the person who made the request."},
        "code": {
            "type": "string",
            "description": "Stable: `invalid`, `denied`, `stale`, `unrated`, `not-now`, `not-ready`, …",
        },
        "errors": {
            "type": "object",
            "description": "With `invalid`: the messages for each field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "stored": {
            "type": "object",
            "description": "With `stale`: the saved values.",
            "additionalProperties": {},
        },
        "offered": {
            "type": "object",
            "description": "With `stale`: your values.",
            "additionalProperties": {},
        },
        "version": {"type": "integer", "description": "With `stale`: the version to send back."},
        "missing": {
            "type": "array",
            "description": "With `unrated` and `incomplete`: what is missing.",
            "items": {"type": "string"},
        },
    },
    "additionalProperties": {},
}
PROBLEM = {"$ref": "#/components/schemas/Problem"}
EVERYWHERE = {
    "400": "A parameter or the body isn't valid.",
    "401": "Not signed in, or the token is unknown, expired or revoked.",
    "403": "The token is read-only, or you can read this but aren't allowed to do that to it.",
    "404": "Nothing here that you can see.",
    "406": "The response isn't available in the format that `Accept` asks for.",
}
ON_WRITES = {
    "409": "Changed since you read it: both versions are in the response. Or the response for a key was "
    "lost.",
    "413": "The body is larger than 1 MiB.",
    "415": "The body isn't `application/json`.",
    "422": "A rule of Ladder refuses it and says why, or the key was used for another request.",
}


IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "A random value that you choose. For a day, the same request with the same key "
    "is carried out only once and gets the same response.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$"},
}


def document_problems(
    result: dict[str, Any], generator: object, request: object, public: bool
) -> dict[str, Any]:
    """Add the problems that an operation may answer to its responses."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    for operations in result["paths"].values():
        for method, operation in operations.items():
            problems = EVERYWHERE if method == "get" else EVERYWHERE | ON_WRITES
            if method == "post":
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
            for status, description in problems.items():
                operation["responses"].setdefault(status, {"description": description})
            for status, response in operation["responses"].items():
                if status.startswith("4"):
                    response["content"] = {"application/problem+json": {"schema": PROBLEM}}
    return result
