"""The cast: one small company whose names mean something, used by every test.

    Dora, director
    ├── Mara, manager     of Sam (Senior, Java), Stella (Staff, Java), Leo (Lead, JVM)
    └── Noor, manager     of Kit (Senior, Backend): strangers to Mara's people
    Hana, HR · Aude, framework author · Otto, auditor: nobody's manager
    Gone, who has left

The built-in ladder is loaded and published once for each test database; each test runs in a
transaction that is rolled back.
"""

import contextlib
import fcntl
import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from . import drawing, kept_database
from .durations import remember
from .frameworks import FRONTEND, publish
from .rewriting import rewrite_share
from .scenes import scene, stage

ROOT = Path(__file__).resolve().parent.parent
BUILT_IN = ROOT / "seeds" / "frameworks" / "backend.yaml"
REQUIRE_ALL = drawing.REQUIRE_ALL
LONG_AGO = date(2024, 1, 1)

# Whoever checks a change wants its faults, not those that chance finds today: that is for who works on it.
if REQUIRE_ALL:
    from hypothesis import settings as chance  # half a second that only few tests need

    chance.register_profile("same each time", derandomize=True)
    chance.load_profile("same each time")


def unavailable(reason):
    """Skip a test whose tool is not on this machine; where every test has to run, fail instead."""
    if REQUIRE_ALL:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_report_header():
    return [] if drawing.LONG else f"drawn: LADDER_DRAW={drawing.DAY}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session):
    """Look for garbage seldom: what is imported stays, and little of what tests make holds itself."""
    gc.set_threshold(100_000, 50, 100)
    rewrite_share(session.config)
    use_zone_of_settings()


def use_zone_of_settings():
    """Let tests of the domain read the zone of the settings without a query; requests read the row."""
    from competencies.core import clock  # needs Django

    class OfSettings(clock.Reading):
        calendar = property(lambda self: clock.calendar_of_settings(), lambda self, calendar: None)

    clock._reading.set(OfSettings())


def pytest_collection_finish():
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    stage.begin()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed and not drawing.LONG:
        report.sections.append(("Cases of this day", f"LADDER_DRAW={drawing.DAY} draws the same again."))
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if config.getvalue("dist") == "loadfile":
        from .scheduling import LongestFirst  # needs xdist, which runs without it do not

        return LongestFirst(config, log)
    return None


_taken = defaultdict(lambda: [0.0, 0])  # seconds and tests of each file, by which `make check` chooses


def pytest_runtest_logreport(report):
    taken = _taken[report.nodeid.partition("::")[0]]
    taken[0] += report.duration
    taken[1] += report.when == "call"


def pytest_sessionfinish(session):
    if _taken and not hasattr(session.config, "workerinput"):
        remember(_taken)


@pytest.fixture(scope="session", autouse=True)
def look_for_static_files_once():
    """Have the first client find the static files for all: each would look in a middleware of its own."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def look_once(served):
        how = served.static_prefix, served.max_age
        if how not in found:
            look(served)
            found[how] = served.files.copy()
        served.files.update(found[how])

    with mock.patch.object(WhiteNoiseMiddleware, "add_files_from_finders", look_once):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_use_migrations, django_db_createdb):
    """Have the database copied from the one that was kept; `--create-db` migrates as if there were none."""
    from django.db import connection

    if not django_db_use_migrations or django_db_createdb:
        yield
        return
    with kept_database.in_place_of_migrating(connection):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, of_the_run):
    from django.db import connection

    with contextlib.ExitStack() as kept:
        with django_db_blocker.unblock():
            if connection.introspection.table_names():  # one of the tests that were chosen asks for rows
                kept.enter_context(_kept_migrated(of_the_run / "migrated.sqlite3"))
                _found_the_company()
                _let_it_be_found_fit()
        yield


@pytest.fixture(scope="session")
def of_the_run(tmp_path_factory, worker_id):
    """The folder that the workers of one run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def migrated(django_db_setup, of_the_run):
    """A SQLite file with every table and no row of ours, to copy where a test needs a database of its own.

    None where there is none: on PostgreSQL, or when none of those chosen asks for rows, it is that of a run
    before.
    """
    file = of_the_run / "migrated.sqlite3"
    return file if file.exists() else kept_database.kept()


@pytest.fixture(scope="session")
def demo(of_the_run, migrated):
    """A SQLite file with the demo company, to copy; it is brought to life once for all workers."""
    folder = of_the_run / "demo"
    folder.mkdir(exist_ok=True)
    file = folder / "ladder.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            if migrated:
                shutil.copy(migrated, file)
            for command in ["load_company"] if migrated else ["migrate", "load_company"]:
                _manage(command, data=folder)
            (folder / "whole").touch()
    return file


def _manage(command, *, data):
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("LADDER_", "DATABASE"))}
    ours |= {"LADDER_DATA": str(data), "DJANGO_SETTINGS_MODULE": "ladder.settings"}
    done = subprocess.run(
        [sys.executable, "manage.py", command], cwd=ROOT, env=ours, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr[-2000:]}")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The program, loaded once for a module that runs many of its commands, on a data folder of its own."""
    from .ladder.ops.programs import OftenAsked  # needs Django, as the tests that ask for it do

    program = OftenAsked("", tmp_path_factory.mktemp("loaded"))
    yield program
    program.end()


@pytest.fixture(scope="module")
def database_to_throw_away(django_db_setup, migrated, tmp_path_factory):
    """The address of a database without a row of ours, for processes that bring it up to date and write."""
    from django.db import connection

    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("apart") / "apart.sqlite3"
        if migrated:
            shutil.copy(migrated, file)
        yield f"sqlite:///{file}"
        return
    with database_beside(f"apart_{uuid.uuid4().hex}", like=_name_of_migrated()) as address:
        yield address


@contextlib.contextmanager
def _kept_migrated(file):
    """Keep the tables as they are before the first row of ours: in `file`, or in a database beside."""
    from django.db import connection

    from competencies.people.models import Person

    if connection.vendor != "sqlite" and not Person.objects.exists():
        here = connection.settings_dict["NAME"]
        connection.close()  # nobody may be connected to what is copied
        with database_beside(_name_of_migrated(), like=here):
            yield
        return
    if connection.vendor == "sqlite" and not (file.exists() or Person.objects.exists()):
        unfinished = file.with_name(f"{file.name}.{os.getpid()}")
        with contextlib.closing(sqlite3.connect(unfinished)) as there:
            connection.connection.backup(there)
        unfinished.replace(file)
    yield


def _name_of_migrated():
    from django.db import connection

    return f"{connection.settings_dict['NAME']}_migrated"


@contextlib.contextmanager
def database_beside(name, *, like):
    """Make a database on the same PostgreSQL; give its address, and drop it after.

    It is a copy of another, or empty where that one is not there.
    """
    import psycopg
    from django.db import connection

    server = connection.settings_dict
    address = f"postgres://{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT']}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as outside:
        is_there = outside.execute("SELECT 1 FROM pg_database WHERE datname = %s", [like]).fetchone()
        outside.execute(f'DROP DATABASE IF EXISTS "{name}"')  # of a run that was killed
        outside.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like if is_there else "template1"}"')
    try:
        yield f"{address}/{name}"
    finally:
        with psycopg.connect(f"{address}/postgres", autocommit=True) as outside:
            outside.execute(f'DROP DATABASE "{name}"')


def _let_it_be_found_fit():
    """Look at triggers and migrations once, or the first page of a process would ask more than others do."""
    from ladder.ops.maintenance import sharing

    with sharing():
        pass


def _found_the_company():
    from competencies.framework.loading import load
    from competencies.people.models import Organisation, Person, ReportingLine, RoleGrant

    if Person.objects.exists():
        return
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Testing Ltd"})
    edition = load(BUILT_IN.read_bytes(), file="backend.yaml", by=None)
    people = {
        name: Person.objects.create_user(
            f"{name}@testing.example", name.title(), password=f"{name} of testing"
        )
        for name in ("dora", "mara", "noor", "sam", "stella", "leo", "kit", "hana", "aude", "otto", "gone")
    }
    for name, role in (("hana", "hr"), ("aude", "author"), ("otto", "auditor")):
        RoleGrant.objects.create(person=people[name], role=role)
    people["gone"].leaves_on = LONG_AGO
    people["gone"].save(update_fields=["leaves_on"])
    edition.publish(by=people["aude"])
    levels = {level.key: level for level in edition.level_set.all()}
    tracks = {track.key: track for track in edition.track_set.all()}
    for manager, reports in {
        "dora": ("mara", "noor", "hana", "aude"),
        "mara": ("sam", "stella", "leo"),
        "noor": ("kit",),
    }.items():
        for report in reports:
            ReportingLine.objects.create(person=people[report], manager=people[manager], starts_on=LONG_AGO)
    for name, track, level in (
        ("sam", "java", "senior"),
        ("stella", "java", "staff"),
        ("leo", "jvm", "lead"),
        ("kit", "backend", "senior"),
    ):
        people[name].place(track=tracks[track], level=levels[level], starts_on=LONG_AGO, by=people["hana"])


def _person(name):
    @pytest.fixture(name=name)
    def person(db):
        from competencies.people.models import Person

        return Person.objects.get(email=f"{name}@testing.example")

    return person


dora, mara, noor, sam, stella, leo, kit, hana, aude, otto, gone = map(
    _person, ("dora", "mara", "noor", "sam", "stella", "leo", "kit", "hana", "aude", "otto", "gone")
)


@pytest.fixture
def edition(db, key_of_edition):
    """The built-in ladder, published."""
    from competencies.framework.models import Edition

    return Edition.objects.get(pk=key_of_edition)


@pytest.fixture(scope="session")
def key_of_edition(django_db_setup, django_db_blocker):
    """The key of its row, which takes four times as long to find as the row."""
    from competencies.framework.models import Edition

    with django_db_blocker.unblock():
        return Edition.objects.in_force().get(framework__key="backend-engineering").pk


@scene
def frontend(aude):
    """A second framework, published: some of its keys and words are those of the first."""
    return publish(FRONTEND, by=aude)


@scene
def wren(dora, mara, hana, frontend):
    """Wren, who reports to Mara as well and is Senior on the Web track of the second framework."""
    from competencies.people.models import Person, ReportingLine

    wren = Person.objects.create_user("wren@testing.example", "Wren", password="wren of testing")
    ReportingLine.objects.create(person=wren, manager=mara, starts_on=LONG_AGO)
    track, level = frontend.track_set.get(key="web"), frontend.level_set.get(key="senior")
    wren.place(track=track, level=level, starts_on=LONG_AGO, by=hana)
    return wren


@pytest.fixture
def levels(edition):
    return SimpleNamespace(**{level.key: level for level in edition.level_set.all()})


@pytest.fixture
def tracks(edition):
    return SimpleNamespace(**{track.key: track for track in edition.track_set.all()})


@pytest.fixture
def competencies(edition):
    """The fifteen competencies, in the order of the ladder."""
    return list(edition.competency_set.all())


@pytest.fixture
def points(edition):
    """The points of the scale by key, dashes as underscores: `points.not_yet`, `points.consistent`."""
    return SimpleNamespace(**{point.key.replace("-", "_"): point for point in edition.scale.points.all()})


@scene
def cycle(edition, hana):
    """A cycle that is open for everyone, due in two and three weeks."""
    from competencies.reviews.models import Cycle
    from competencies.reviews.opening import open_cycle

    now = timezone.now()
    cycle = Cycle.prepare(
        by=hana,
        name="Autumn",
        editions=[edition],
        self_due_at=now + timedelta(weeks=2),
        manager_due_at=now + timedelta(weeks=3),
    )
    open_cycle(cycle, by=hana)
    return cycle


@pytest.fixture
def review(cycle, sam):
    """Sam's review in the open cycle, not started."""
    return cycle.reviews.get(subject=sam)


@pytest.fixture
def of_self(review):
    """Sam's self-assessment, not started."""
    return review.assessments.get(kind="self")


@pytest.fixture
def of_manager(review):
    """Mara's assessment of Sam, not started."""
    return review.assessments.get(kind="manager")


@scene
def evidence(sam, competencies):
    """Four pieces of Sam's work in four months, of the first four competencies."""
    from competencies.evidence.models import Evidence

    today = timezone.localdate()
    return [
        Evidence.log(
            sam,
            by=sam,
            happened_on=today - timedelta(days=35 * number + 3),
            title=f"Piece {number + 1}",
            competencies=[competency],
        )
        for number, competency in enumerate(competencies[:4])
    ]


@pytest.fixture
def answer_all():
    """A function that rates everything in an assessment as its author: `answer_all(assessment, point)`.

    The first answer is given as anybody gives one, the others are its copies: half of all tests stand on it.
    """
    from competencies.reviews.models import Rating
    from competencies.trail.models import record_each

    def answer(assessment, point, *, comment="Seen in their work."):
        author, subject = assessment.author, assessment.review.subject
        first, *others = assessment.competencies()
        kept = assessment.rate(first, by=author, version=0, point=point, comment=comment)
        said = {"assessment": assessment, "point": point, "comment": comment, "version": kept.version}
        copies = Rating.objects.bulk_create([Rating(competency=competency, **said) for competency in others])
        record_each("rating.saved", [(rating, subject, {}) for rating in copies], by=author)
        return assessment

    return answer


@scene
def revealed(review, of_self, of_manager, points, answer_all, sam, mara):
    """Sam's review with both sides handed in: self Consistent throughout, manager Developing."""
    answer_all(of_self, points.consistent).submit(by=sam)
    answer_all(of_manager, points.developing).submit(by=mara)
    review.refresh_from_db()
    return review


@scene
def case(sam, mara, levels):
    """Mara's case for Sam towards Staff: a draft with nothing written."""
    from competencies.promotions.models import PromotionCase

    return PromotionCase.nominate(sam, levels.staff, by=mara)


@scene
def full_case(case, mara, evidence, competencies):
    """The same case with everything a committee looks for, not proposed yet."""
    for statement in case.statements.all():
        statement.write(f"Text of {statement.kind}.", by=mara, version=0)
    case.claim(competencies[0], by=mara, text="Shapes shared systems.", result="Two teams release alone.")
    case.tell(
        by=mara,
        title="The ledger split",
        competencies=competencies[:2],
        evidence=evidence[:2],
        context="One ledger, five teams.",
        result="No joint release since March.",
    )
    case.choose(evidence, by=mara)
    endorse(case, by=mara)
    return case


def endorse(case, *, by, name="Petra Partner", email="petra@elsewhere.example", outside=True, **asked):
    """Have a named person asked and answering; return the request."""
    from competencies.promotions.models.endorsement import ask

    request = ask(case, by=by, name=name, email=email, relation="partner", outside=outside, **asked)
    request.endorse("They led the split.", relation="partner", outside=outside)
    return request


def decide(case, outcome, *, by, panel=("noor", "kit", "stella"), release=True, **said):
    """Have a proposed case answered by three people, all of one mind, and release it; return the decision."""
    from competencies.core.clock import today
    from competencies.people.models import Person
    from competencies.promotions.models import Committee, Hearing

    committee = Committee.found(f"Of case {case.pk}", by=by)
    people = [Person.objects.get(email=f"{name}@testing.example") for name in panel]
    for person in people:
        committee.seat(person, by=by, chair=person == people[0])
    hearing = Hearing.empanel(case, committee, by=by)
    for person in people:
        hearing.write(by=person, version=0, vote=outcome, reason="So.")
        hearing.cast(by=person)
    said = {"rationale": "Shown for a year.", "feedback": "Read this first."} | said
    if outcome == "not-yet":
        said = {"conditions": "A second team.", "look_again_on": today() + timedelta(days=90)} | said
    decision = Hearing.objects.get(pk=hearing.pk).decide(outcome, by=people[0], **said)
    if release:
        decision.publish(by=by)
    return decision


@pytest.fixture
def signed_in():
    """A function that gives a browser client signed in as a person: `signed_in(mara).get(url)`.

    It leaves behind what Django's `force_login` does, which writes the session three times.
    """
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import update_last_login

    from ladder.accounts.session_store import SessionStore

    def sign_in(person):
        client, session = Client(), SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = person.backend = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        update_last_login(None, person)
        return client

    return sign_in


def just_confirmed(client, person):
    """Let the session of a browser be one in which somebody showed a moment ago that it is them."""
    from allauth.account.internal.flows.login import record_authentication

    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person, "password")
    request.session.save()
    return client


HTMX = {"HX-Request": "true"}
