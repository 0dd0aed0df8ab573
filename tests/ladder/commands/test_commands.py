"""The commands of an operator: each says in a sentence what it did or why not."""

import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from competencies.framework.models import Edition
from competencies.people.models import Invitation, Person
from competencies.trail.models import Entry, Head

BUILT_IN = settings.SEED_DIR / "frameworks" / "backend.yaml"
STRONG = "heron lantern quay 47"
EDIT = ("scope: Owns services", "scope: Answers for services")


@pytest.fixture
def run(capsys, monkeypatch):
    """A function that runs a command with text on its standard input and returns what it prints."""

    def run_command(name, *arguments, given="", stdin=io.StringIO, **options):
        monkeypatch.setattr("sys.stdin", stdin(given))
        call_command(name, *arguments, **options)
        return capsys.readouterr().out.strip()

    return run_command


class TestAddPerson:
    ARGUMENTS = ("add_person", "Hedy@Testing.example", "--name", "Hedy", "--password-stdin")

    def test_takes_somebody_in_who_can_sign_in(self, run, db):
        said = run(*self.ARGUMENTS, "--role", "hr", "--role", "author", given=f"{STRONG}\n")

        person = authenticate(username="hedy@testing.example", password=STRONG)
        assert said == "Hedy (hr, author) can sign in as hedy@testing.example."
        assert person.roles == {"hr", "author"}
        assert list(Entry.objects.filter(about=person).values_list("action", "actor")) == [
            ("role.granted", None),
            ("role.granted", None),
            ("person.welcomed", None),
        ]

    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("short", "too short"),
            ("", "too short"),
            ("hedy@testing.example", "too similar"),
            ("qwertyuiop123", "too common|too similar|too short"),
        ],
    )
    def test_refuses_a_weak_password_and_takes_nobody_in(self, run, db, password, reason):
        with pytest.raises(SystemExit, match=reason):
            run(*self.ARGUMENTS, given=f"{password}\n")

        assert not Person.objects.filter(name="Hedy").exists()

    def test_refuses_an_email_that_is_taken_or_none(self, run, sam):
        with pytest.raises(SystemExit, match=r"Someone already signs in as sam@testing\.example"):
            run("add_person", sam.email, "--name", "Sam", "--password-stdin", given=STRONG)
        with pytest.raises(SystemExit, match="valid email"):
            run("add_person", "sam", "--name", "Sam", "--password-stdin", given=STRONG)

    def test_refuses_a_name_that_is_not_on_one_line(self, run, db):
        with pytest.raises(SystemExit, match="Remove the line break"):
            run("add_person", "hedy@testing.example", "--name", "Hedy\rBcc: x", "--invite")

    @pytest.mark.parametrize("option", ["--name", "--title", "--team"])
    def test_refuses_what_is_longer_than_its_column(self, run, db, option):
        with pytest.raises(SystemExit, match="at most"):
            run(*self.ARGUMENTS[:4], option, "x" * 201, "--invite")

        assert not Person.objects.filter(email="hedy@testing.example").exists()

    def test_refuses_an_email_that_is_longer_than_its_column(self, run, db):
        domain = ".".join(["x" * 60] * 4)
        with pytest.raises(SystemExit, match="at most"):
            run("add_person", f"{'a' * 60}@{domain}.example", "--name", "Hedy", "--invite")

    def test_prints_a_link_by_which_they_choose_a_password(self, run, db):
        said = run("add_person", "hedy@testing.example", "--name", "Hedy", "--role", "hr", "--invite")

        hedy = Person.objects.get(email="hedy@testing.example")
        key = re.search(r"^ +http://localhost:8000/invitation/([\w-]{43})/$", said, re.MULTILINE)[1]
        assert said.startswith("Hedy (hr) can set a password with this link, once, until ")
        assert not hedy.has_usable_password()
        assert Invitation.objects.bearing(key).person == hedy

    def test_asks_twice_on_a_terminal(self, run, db, monkeypatch):
        answers = iter([STRONG, STRONG, STRONG, "another one 47"])
        monkeypatch.setattr("ladder.management.commands.add_person.getpass", lambda _question: next(answers))

        assert "can sign in" in run("add_person", "one@testing.example", "--name", "One", stdin=Terminal)
        with pytest.raises(SystemExit, match="don't match"):
            run("add_person", "two@testing.example", "--name", "Two", stdin=Terminal)

    def test_says_what_to_do_without_a_terminal(self, run, db):
        with pytest.raises(SystemExit, match="--password-stdin"):
            run("add_person", "one@testing.example", "--name", "One")


class TestLoadFramework:
    def test_loads_a_draft_once(self, run, edition, tmp_path):
        file = changed(tmp_path, *EDIT)

        assert run("load_framework", file) == f"{edition.framework}, edition 2 is loaded: draft."
        assert run("load_framework", file) == f"{edition.framework}, edition 2 is loaded: draft."
        assert Edition.objects.count() == 2

    def test_publishes_as_an_author(self, run, aude, edition, tmp_path):
        file = changed(tmp_path, *EDIT)

        assert run("load_framework", file, publish_as=aude.email).endswith("edition 2 is loaded: published.")
        assert Edition.objects.in_force().get().publication.by == aude

    @pytest.mark.parametrize(("email", "reason"), [("sam@", "can't publish"), ("nobody@", "Nobody signs in")])
    def test_keeps_nothing_when_it_may_not_be_published(self, run, sam, tmp_path, email, reason):
        file = changed(tmp_path, *EDIT)

        with pytest.raises(SystemExit, match=reason):
            run("load_framework", file, publish_as=f"{email}testing.example")

        assert Edition.objects.count() == 1

    def test_names_each_fault_with_its_place_and_changes_nothing(self, run, edition, tmp_path):
        file = changed(tmp_path, "rung: 1", "rung: high\n    colour: red")
        before = Entry.objects.count()

        with pytest.raises(SystemExit) as refusal:
            run("load_framework", file)

        places = [line.split(": ")[0].removeprefix(f"{file}:") for line in str(refusal.value).splitlines()]
        assert len(places) == 2
        assert all(part.isdigit() for place in places for part in place.split(":"))
        assert (Edition.objects.count(), Entry.objects.count()) == (1, before)

    def test_says_when_there_is_no_file(self, run, db):
        with pytest.raises(SystemExit, match=r"nowhere\.yaml: No such file"):
            run("load_framework", Path("nowhere.yaml"))


class TestVerifyTrail:
    def test_says_how_much_is_whole(self, run, db):
        head = Head.here()
        said = f"The audit log is intact: {Entry.objects.count()} entries.\nLatest hash {head}"
        assert run("verify_trail") == run("verify_trail", "--against", str(head)) == said

    def test_names_each_break(self, run, db, capsys):
        last = Entry.objects.first()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE trail_head SET sequence = sequence + 1")

        with pytest.raises(SystemExit, match=r"broken in 1 place"):
            run("verify_trail")

        assert capsys.readouterr().out.startswith(f"#{last.sequence + 1}: the end was cut off")


def test_the_demo_company_does_not_join_people(run, sam):
    with pytest.raises(SystemExit, match="This database already has people in it"):
        run("load_company")


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    assert not MigrationExecutor(connection).migration_plan(
        MigrationExecutor(connection).loader.graph.leaf_nodes()
    )


class Terminal(io.StringIO):
    """A standard input that is a terminal."""

    def isatty(self):
        return True


def changed(folder, what, into):
    """Write the built-in ladder with one change into `folder`; return the file."""
    file = folder / "changed.yaml"
    text = BUILT_IN.read_text(encoding="utf-8")
    assert what in text
    file.write_text(text.replace(what, into, 1), encoding="utf-8")
    return file
