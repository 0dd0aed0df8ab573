"""What a proxy does not send is said on the log, once."""

import logging
import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from ladder.web import middleware

HOSTING = (Path(__file__).parents[3] / "docs" / "hosting.md").read_text(encoding="utf-8")


@pytest.fixture
def ask(settings, monkeypatch):
    """A function that asks behind a proxy, with these headers."""
    monkeypatch.setattr(middleware.logger, "disabled", False)  # other tests set logs up anew
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    minded = middleware.mind_the_proxy(lambda request: HttpResponse(request.META["HTTP_HOST"]))
    return lambda path="/", **headers: minded(RequestFactory().get(path, HTTP_HOST="localhost", **headers))


def said(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def test_a_proxy_that_does_not_say_for_whom_is_told_on_the_log_once(ask, caplog):
    for _time in range(3):
        ask()

    assert len(said(caplog)) == 1
    assert "X-Forwarded-For" in said(caplog)[0]
    assert "share one limit on sign-in attempts" in said(caplog)[0]


def test_one_that_does_is_not(ask, caplog):
    ask(HTTP_X_FORWARDED_FOR="192.0.2.7")

    assert said(caplog) == []


def test_a_probe_comes_by_no_proxy(ask, caplog):
    ask("/healthz")

    assert said(caplog) == []


def test_without_a_proxy_nothing_is_missing(ask, caplog, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    ask()

    assert said(caplog) == []


@pytest.mark.parametrize("language", ["nginx", "caddy"])
def test_there_is_a_block_to_copy_for_each_proxy(language):
    block = re.search(rf"```{language}\n(.*?)```", HOSTING, re.DOTALL)[1]

    assert "X-Forwarded-For" in block
    assert re.search("20m|20MB", block)
    assert block.count("{") == block.count("}")
