"""Warming up: rules, templates and addresses are ready before the first page, and nothing is written."""

from contextlib import nullcontext
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.template import engines

from competencies.core import compiled_rules
from competencies.core.compiled_rules import forget_compiled_rules
from competencies.core.permissions import every_rule
from ladder.ops import warming_up
from ladder.ops.maintenance import Unfit
from tests.access.spying import writes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cold():
    """Let nothing be compiled, and the connection of the test stay open."""
    forget_compiled_rules()
    with mock.patch.object(warming_up.connections, "close_all"), mock.patch("gc.freeze"):
        yield


def test_every_rule_is_compiled_and_nothing_is_written(django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(warming_up, "sharing", nullcontext)  # the first of a process asks whether all fits
    with writes() as written, django_assert_max_num_queries(0):
        warming_up.warm_up()
    compiled = compiled_rules._kept.cache_info().misses

    for rule in every_rule():
        compiled_rules.compiled_rule(rule.rows, rule.model, connection.alias)
    assert (
        compiled_rules._kept.cache_info().misses == compiled >= len({id(rule.rows) for rule in every_rule()})
    )
    assert written == []


def test_templates_of_pages_are_loaded():
    (loader,) = engines["django"].engine.template_loaders[0].loaders
    loader.reset()

    warming_up.warm_up()

    names = {template.name for template in loader.get_template_cache.values() if hasattr(template, "name")}
    assert {"base.html", "home/today.html", "shell/sign_in.html", "reviews/_rating.html"} <= names
    assert not any("/mail/" in name for name in names)


@pytest.mark.parametrize("outage", [OperationalError("away"), Unfit("newer"), OSError("full")])
def test_an_outage_fails_no_start(outage, caplog):
    with mock.patch.object(warming_up, "sharing", side_effect=outage):
        warming_up.warm_up()

    assert compiled_rules._kept.cache_info().misses == 0
