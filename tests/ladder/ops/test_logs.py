"""No key that opens something reaches a log."""

import logging
import re

import pytest

from ladder.ops import health
from ladder.ops.gunicorn_worker import HeadsFirst
from ladder.ops.logs import Briefly, WithoutKeys, hide, hide_in
from tests.access.resolving import routes

KEY = "kRpM-rV185hqphklQsomR8W-o6JD725ngOkzIPJFi28"
# What is no secret: the code of a packet finds it for anybody, and an id opens nothing.
OPEN = {"verify_code"}


def with_keys():
    """Return the addresses that hold a text, each with keys in the places of its texts."""
    named = {name: route.address for name, route in routes().items() if "<str:" in route.address}
    filled = {name: re.sub(r"<str:\w+>", KEY, address) for name, address in named.items()}
    return {name: f"/{re.sub('<int:.*?>', '12', address)}" for name, address in filled.items()}


@pytest.mark.parametrize("name", sorted(with_keys().keys() - OPEN))
def test_the_key_in_each_address_is_hidden(name):
    address = with_keys()[name]

    assert KEY in address
    assert KEY not in hide(f"Not Found: {address}")
    assert hide(address).startswith(address.split(KEY)[0])


def test_there_are_addresses_with_keys():
    assert with_keys().keys() >= {"open_endorsement", "packet_link", "open_invitation", "open_set_up"} | OPEN


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (f"/setup/{KEY}/", "/setup/…/"),
        ("/forgotten-password/1a/dn2uyi-6cc1b/", "/forgotten-password/…"),
        (f"/packet-links/{KEY}/packet.pdf", "/packet-links/…/packet.pdf"),
        (f"GET /endorsements/{KEY}/ HTTP/1.1", "GET /endorsements/…/ HTTP/1.1"),
        ("/cases/12/endorsements/", "/cases/12/endorsements/"),
        ("/packet-links/12/revocation/", "/packet-links/12/revocation/"),
        ("/invitations/all/", "/invitations/all/"),
        ("/people/12/invitation/", "/people/12/invitation/"),
    ],
)
def test_a_key_is_hidden_in_its_address(said, written):
    assert hide(said) == written


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("%s: %s", ("Not Found", f"/setup/{KEY}/")),
        (f"Not Found: /setup/{KEY}/", ()),
        ("%(path)s", ({"path": f"/endorsements/{KEY}/"},)),
        ("%s", (ValueError(f"/invitation/{KEY}/"),)),
    ],
)
def test_whatever_is_logged_goes_through_it(message, values):
    record = logging.LogRecord("django.request", 30, "", 1, message, values, None)

    assert KEY not in WithoutKeys().format(record)


def test_a_page_that_an_outage_kept_from_its_answer_takes_one_line():
    said = logging.LogRecord("django.request", 40, "", 1, "%s: %s", ("Service Unavailable", "/"), (None,) * 3)
    said.status_code = 503

    assert Briefly().filter(said)
    assert said.exc_info is None


@pytest.mark.parametrize(("pages", "is_written"), [("warming", False), ("behind", True)])
def test_that_a_worker_warms_up_is_no_error(client, monkeypatch, pages, is_written):
    monkeypatch.setattr(health, "look", lambda: {"database": ("ok", ""), "pages": (pages, "")})
    answer = client.get("/readyz")
    assert answer.status_code == 503
    said = logging.LogRecord("django.request", 40, "", 1, "%s: %s", ("Service Unavailable", "/readyz"), None)
    said.status_code, said.request = 503, answer.wsgi_request

    assert Briefly().filter(said) is is_written


def test_a_fault_that_tells_an_address_is_hidden_too():
    try:
        raise ValueError(f"https://ladder.example.org/invitation/{KEY}/")
    except ValueError as fault:
        told = (type(fault), fault, fault.__traceback__)
    record = logging.LogRecord("ladder", 40, "", 1, "It failed", (), told)

    assert KEY not in WithoutKeys().format(record)


def test_the_logs_are_written_through_it(settings):
    assert settings.LOGGING["formatters"]["without keys"]["()"] == "ladder.ops.logs.WithoutKeys"
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"without keys"}
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["briefly"]


def test_that_of_the_web_server_as_well():
    logger = logging.Logger("gunicorn.error")
    logger.addHandler(logging.StreamHandler())
    logger.handlers[0].setFormatter(logging.Formatter("[%(process)d] %(message)s"))

    hide_in(logger)

    record = logging.LogRecord("gunicorn.error", 40, "", 1, f"Error handling request /setup/{KEY}/", (), None)
    assert logger.handlers[0].format(record).endswith("] Error handling request /setup/…/")
    assert HeadsFirst.__init__.__code__.co_names.__contains__("hide_in")
