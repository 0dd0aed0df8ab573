"""Warming up: what pages ask for is ready before the first of them, and nothing is written."""

import json
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.template import engines

from competencies.core import compiled_rules, prepared
from competencies.core.compiled_rules import forget_compiled_rules
from competencies.core.permissions import every_rule
from competencies.core.prepared import forget_prepared_statements
from ladder.ops import gunicorn_hooks, warming_up
from ladder.ops.maintenance import Migrating, Unfit
from ladder.ops.warming_up import Courtesy, load_program, load_templates, once_possible, warm_up
from ladder.web.drawn_once import store
from ladder.web.template_constants import Constant
from tests.access.spying import writes

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
OUTAGES = [OperationalError("away"), Unfit("newer"), Migrating(), OSError("full")]
LOADED = """
import json, sys, django
django.setup()
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.utils.functional import empty
from ladder.ops.warming_up import load_program
load_program()
print(json.dumps([list(sys.modules), staticfiles_storage._wrapped is empty, connection.connection is None]))
"""


@pytest.fixture(autouse=True)
def cold():
    """Load the program, let nothing be made, and the connection of the test stay open."""
    load_program()
    forget_compiled_rules()
    forget_prepared_statements()
    store.forget()
    with mock.patch.object(warming_up.connections, "close_all"), mock.patch("gc.freeze"):
        yield


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Ask again at once where the database was away."""
    monkeypatch.setattr(warming_up, "PAUSE", 0)


def test_every_rule_is_compiled_without_a_question(django_assert_max_num_queries):
    with writes() as written, django_assert_max_num_queries(0):
        for make in warming_up.rules():
            make()
    compiled = compiled_rules._kept.cache_info().misses

    for rule in every_rule():
        compiled_rules.compiled_rule(rule.rows, rule.model, connection.alias)
    assert (
        compiled_rules._kept.cache_info().misses == compiled >= len({id(rule.rows) for rule in every_rule()})
    )
    assert written == []


def test_all_is_made_and_nothing_is_written(review, caplog):
    with writes() as written:
        warm_up()

    assert compiled_rules._kept.cache_info().currsize >= len({id(rule.rows) for rule in every_rule()})
    assert prepared._kept.cache_info().currsize >= len(prepared.prepared_functions)
    assert written == []
    assert caplog.records == []
    warming_up.connections.close_all.assert_called_once_with()


def test_what_is_drawn_for_all_is_there(of_self, signed_in, sam):
    warm_up()
    drawn = len(store.texts())
    client = signed_in(sam)

    pages = [client.get(page).status_code for page in ("/ladder/", of_self.get_absolute_url())]

    assert pages == [200, 200]
    assert len(store.texts()) == drawn > 8


def test_constants_of_pages_are_rendered():
    for make in warming_up.ahead[[pieces.__name__ for pieces in warming_up.ahead].index("constants")]():
        make()

    template = engines["django"].get_template("base.html").template
    constants = template.nodelist.get_nodes_by_type(Constant)
    assert constants
    assert all(constant.rendered for constant in constants)


@pytest.fixture
def loaded_templates():
    """Forget all templates; return a function that names those that are there."""
    (loader,) = engines["django"].engine.template_loaders[0].loaders
    loader.reset()
    return lambda: {
        template.name for template in loader.get_template_cache.values() if hasattr(template, "name")
    }


def load_once_more():
    load_templates.cache_clear()
    gunicorn_hooks.pre_fork(SimpleNamespace(WORKERS={1: "the first"}), None)


def make_templates():
    for make in warming_up.ahead[0]():
        make()


@pytest.mark.parametrize("load", [load_once_more, make_templates])
def test_templates_of_pages_are_loaded(loaded_templates, load):
    load()

    names = loaded_templates()
    assert {"base.html", "home/today.html", "shell/sign_in.html", "reviews/_rating.html"} <= names
    assert not any("/mail/" in name for name in names)


def test_the_first_worker_waits_for_no_template(loaded_templates):
    load_program.cache_clear()
    load_templates.cache_clear()

    load_program()
    gunicorn_hooks.pre_fork(SimpleNamespace(WORKERS={}), None)

    assert not loaded_templates()


def test_the_program_is_loaded_whole_before_the_database_is_there(tmp_path):
    """No statement is declared later; static files, which may be collected anew, are not looked at."""
    out = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "ladder.settings", "LADDER_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    modules, no_static_files, no_connection = json.loads(out)
    declaring = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for folder in ("competencies", "ladder")
        for file in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*@(prepared|made_ahead)$", file.read_text(), re.MULTILINE)
    }

    assert len(declaring) > 20
    assert declaring - set(modules) == set()
    assert no_static_files
    assert no_connection


@pytest.mark.parametrize("outage", OUTAGES)
def test_while_the_database_is_away_it_waits(outage, monkeypatch):
    answers = mock.Mock(side_effect=[outage, outage, *(nullcontext() for _number in range(10))])
    monkeypatch.setattr(warming_up, "sharing", answers)
    make = mock.Mock()
    monkeypatch.setattr(warming_up, "ahead", [lambda: [make, make]])

    warm_up()

    assert make.call_count == 2
    assert warming_up.connections.close_all.call_count == 3


@pytest.mark.parametrize("outage", OUTAGES)
def test_who_leaves_meanwhile_makes_no_more(outage, monkeypatch):
    monkeypatch.setattr(warming_up, "sharing", mock.Mock(side_effect=outage))
    looks = iter([False, False, False])

    warm_up(leaves=lambda: next(looks, True))

    assert compiled_rules._kept.cache_info().misses == 0
    assert warming_up.sharing.call_count == 3


@pytest.mark.parametrize("wanted", [True, False])
def test_an_operator_may_leave_it_out(settings, monkeypatch, wanted):
    settings.WARM_UP = wanted
    begin = mock.Mock()
    monkeypatch.setattr(gunicorn_hooks.warming_up, "begin", begin)

    gunicorn_hooks.post_worker_init(mock.Mock(alive=True))

    assert begin.called is wanted


def test_one_that_fails_stops_no_other(caplog):
    assert once_possible(mock.Mock(side_effect=ZeroDivisionError), leaves=lambda: False) is None
    assert once_possible(lambda: "made", leaves=lambda: False) == "made"
    said = "Warming up failed: the page is prepared when it is first requested."
    assert [record.message for record in caplog.records] == [said]


def test_pages_go_first_but_not_for_ever(monkeypatch):
    looks, clock = iter([True, True, False]), iter(range(100))
    monkeypatch.setattr(warming_up, "sleep", waited := mock.Mock())
    monkeypatch.setattr(warming_up, "monotonic", lambda: next(clock))

    courtesy = Courtesy(lambda: next(looks))
    courtesy.wait()
    kind = waited.call_count
    courtesy.is_busy = lambda: True
    courtesy.wait()
    courtesy.wait()

    assert kind == 2
    assert waited.call_count < warming_up.COURTESY


def test_until_it_is_warm_a_worker_says_so(client, monkeypatch):
    at_work, go_on = Event(), Event()

    def wait(is_busy, leaves):
        at_work.set()
        go_on.wait(20)

    monkeypatch.setattr(warming_up, "warm_up", wait)
    warmth = warming_up.warming_up
    before = warmth.is_under_way()
    warmth.begin(is_busy=lambda: False, leaves=lambda: False)
    try:
        assert at_work.wait(20)
        meanwhile = client.get("/readyz")
        page = client.get("/sign-in/")
    finally:
        go_on.set()
        warmth.thread.join(20)
        after = client.get("/readyz")

    assert (before, warmth.is_under_way(), warmth.thread.daemon) == (False, False, True)
    assert (meanwhile.status_code, meanwhile.json()["checks"]["pages"]) == (503, "warming")
    assert "pages" not in after.json()["checks"]
    assert page.status_code == 200
