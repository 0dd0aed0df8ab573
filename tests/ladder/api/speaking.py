"""How the tests speak to the API, and what they hold a problem to."""

import json

ROOT = "/api/v1/"


class Api:
    """Speaks JSON to `/api/v1/…` through a test client, with headers of its own."""

    def __init__(self, client, **headers):
        self.client, self.headers = client, headers

    def get(self, path, **headers):
        return self.ask("get", path, headers=headers)

    def post(self, path, body=None):
        return self.ask("post", path, body)

    def put(self, path, body=None):
        return self.ask("put", path, body)

    def patch(self, path, body=None):
        return self.ask("patch", path, body)

    def delete(self, path):
        return self.ask("delete", path)

    def ask(self, method, path, body=None, headers=()):
        """Send `body` as JSON, or as it is where it is bytes; a path without a slash is under `/api/v1/`."""
        sent = body if isinstance(body, bytes) else json.dumps(body if body is not None else {})
        rest = {} if method == "get" else {"data": sent, "content_type": "application/json"}
        path = path if path.startswith("/") else ROOT + path
        return getattr(self.client, method)(path, headers=self.headers | dict(headers), **rest)


def told(response, status, code):
    """Check that a response is a problem of that status and code; return its members."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    members = response.json()
    assert (members["status"], members["code"]) == (status, code)
    assert members["type"] == f"urn:ladder:{code}"
    assert members["title"].strip()
    assert members["detail"].strip()
    return members
