"""No key that opens something reaches a log."""

import logging

import pytest

from ladder.logs import Briefly, WithoutKeys, hide


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("/setup/kRpM-rV185hqphklQsomR8W-o6JD725ngOkzIPJFi28/", "/setup/…/"),
        ("/invitation/kRpM-rV185hqphklQsomR8W-o6JD725ngOkzIPJFi28/", "/invitation/…/"),
        ("/forgotten-password/1a/dn2uyi-6cc1b/", "/forgotten-password/…"),
        (
            "/packet-links/kRpM-rV185hqphklQsomR8W-o6JD725ngOkzIPJFi28/packet.pdf",
            "/packet-links/…/packet.pdf",
        ),
        ("/packet-links/12/revocation/", "/packet-links/12/revocation/"),
        ("/invitations/all/", "/invitations/all/"),
        ("/people/12/invitation/", "/people/12/invitation/"),
    ],
)
def test_a_key_is_hidden_in_its_address(said, written):
    assert hide(said) == written


def test_what_is_logged_of_a_request_goes_through_it():
    record = logging.LogRecord("django.request", 30, "", 1, "%s: %s", ("Not Found", "/setup/a-key/"), None)

    WithoutKeys().filter(record)

    assert record.getMessage() == "Not Found: /setup/…/"


def test_the_log_of_the_server_is_written_through_it(settings):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["without keys", "briefly"]


def test_a_page_that_an_outage_kept_from_its_answer_takes_one_line():
    said = logging.LogRecord("django.request", 40, "", 1, "%s: %s", ("Service Unavailable", "/"), (None,) * 3)
    said.status_code = 503

    assert Briefly().filter(said)
    assert said.exc_info is None
