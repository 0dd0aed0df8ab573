"""A provider of single sign-on with a handful of people: Canaille, a program of its own, on a free port.

It asks for PKCE and for a nonce, and refuses who sends neither. Run as a program
(`python -m tests.journeys.provider PORT SITE`), with its people on standard input as JSON.
"""

import contextlib
import http.client
import json
import subprocess
import sys
import time

CLIENT = {"id": "ladder", "secret": "a secret that is only good for these tests"}
PASSWORD = "anchor-and-thimble-31"
NAME = "Portolan ID"
STARTS_WITHIN = 60


@contextlib.contextmanager
def provider(port, site, people):
    """Run the provider for the Ladder at the address `site`; give its address.

    `people` is `[{name, email, verified}]`; each signs in there by email, with `PASSWORD`.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.provider", str(port), site],
        stdin=subprocess.PIPE,
        text=True,
    )
    try:
        process.stdin.write(json.dumps(people))
        process.stdin.close()
        _wait(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def settings_of(issuer):
    """Return the environment by which a Ladder knows the provider."""
    return {
        "LADDER_OIDC_ISSUER": issuer,
        "LADDER_OIDC_CLIENT_ID": CLIENT["id"],
        "LADDER_OIDC_CLIENT_SECRET": CLIENT["secret"],
        "LADDER_OIDC_NAME": NAME,
    }


def _wait(process, port):
    deadline = time.monotonic() + STARTS_WITHIN
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the provider did not start")
        time.sleep(0.2)


def _answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/.well-known/openid-configuration")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def run(port, site, people):
    """Serve until the process is ended."""
    from canaille import create_app
    from werkzeug.serving import run_simple

    app = create_app(
        {
            "SECRET_KEY": "a key that is only good for these tests",
            "SERVER_NAME": f"127.0.0.1:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "memory", "NAME": NAME, "JAVASCRIPT": False},
            "CANAILLE_OIDC": {"REQUIRE_NONCE": True},
        }
    )
    mapping = app.config["CANAILLE_OIDC"]["USERINFO_MAPPING"]
    mapping["EMAIL_VERIFIED"] = "{{ user.title == 'verified' }}"
    with app.app_context():
        populate(app, site, people)
    app.before_request(demand_pkce)
    app.after_request(complain)
    run_simple("127.0.0.1", port, app)


def demand_pkce():
    """Refuse who sends no challenge. Canaille itself leaves it to clients that keep a secret."""
    from flask import abort, request

    if request.path == "/oauth/authorize" and "code_challenge" not in request.args:
        abort(400, "code_challenge is missing")


def complain(answer):
    """Say on the log why something was refused."""
    if answer.status_code >= 400 and answer.is_json:
        print(answer.get_data(as_text=True), file=sys.stderr)
    return answer


def populate(app, site, people):
    from canaille.app import models
    from canaille.backends import Backend

    for number, person in enumerate(people):
        Backend.instance.save(
            models.User(
                user_name=f"p{number}",
                formatted_name=person["name"],
                family_name=person["name"].split()[-1],
                emails=[person["email"]],
                password=PASSWORD,
                title="verified" if person.get("verified", True) else "new",
            )
        )
    client = models.Client(
        client_id=CLIENT["id"],
        client_name="Ladder",
        client_secret=CLIENT["secret"],
        client_uri=site,
        redirect_uris=[f"{site}/sign-in/company/return/"],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "profile", "email"],
        token_endpoint_auth_method="client_secret_post",
    )
    Backend.instance.save(client)
    client.audience = [client]
    Backend.instance.save(client)


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.argv[2], json.load(sys.stdin))
