"""A throw-away PostgreSQL, made from the programs that this machine has."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from tests.kept_database import FOLDER, ROOT, TEMPLATE, alone, digest, unfinished
from tests.ports import free_port

FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
SECONDS_TO_START = 30
MIGRATED_AT_MOST = 3  # databases that are kept in one cluster
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPostgres(Exception):
    """PostgreSQL is not installed, or will not start. The text is for the person at the keyboard."""


def postgres_programs():
    """The folder that holds initdb and postgres, or None where there is no PostgreSQL."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = (Path("/").glob(pattern.lstrip("/")) for pattern in FOLDERS)
    whole = [folder for several in folders for folder in several if (folder / "initdb").exists()]
    return max(whole, key=_version, default=None)


class Postgres:
    """A server that can be stopped, as by a power cut or in order, and started again at the same address."""

    def __init__(self, server, url, command):
        self._server, self.url, self._command = server, url, command

    def stop(self, *, at_once=False):
        """Stop it; `at_once` leaves its clients, and what it had not written, to themselves."""
        self._server.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
        self._server.wait(timeout=30)

    def start(self):
        self._server = self._command()
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url, connect_timeout=5).close()
                return
            time.sleep(0.05)
        raise NoPostgres(f"PostgreSQL did not answer again for {SECONDS_TO_START} s.")


@contextlib.contextmanager
def running_postgres(*, durable=False, keeping=False, migrated=False):
    """Run a server of one's own for the length of a `with`; gives the address of a database on it.

    See `postgres_with_a_plug`.
    """
    with postgres_with_a_plug(durable=durable, keeping=keeping, migrated=migrated) as postgres:
        yield postgres.url


@contextlib.contextmanager
def postgres_with_a_plug(*, durable=False, keeping=False, migrated=False):
    """
    Run a server of one's own for the length of a `with`; gives the `Postgres`, with an empty database on it.

    It listens on a free port of 127.0.0.1 behind a random password. `durable` has it write as a real server
    does, for measuring; otherwise it trades safety for speed. `keeping` begins with the migrated databases
    of the run before, and keeps those of this one. `migrated` has the database be a copy of the one of them
    that fits, which needs Django. Raises NoPostgres where it cannot be had.
    """
    programs = postgres_programs()
    if programs is None:
        raise NoPostgres("PostgreSQL is not installed: sudo apt-get install postgresql")

    with tempfile.TemporaryDirectory(prefix="ladder-postgres-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        owner = _owner()
        if owner:
            os.chown(home, owner["user"], owner["group"])
        kept = FOLDER / f"postgres-{_version(programs)}"
        password = _bring_back(kept, home, owner) if keeping or migrated else ""
        if not password:
            password = secrets.token_urlsafe()
            _initialise(programs, home, password, owner)
        postgres = _start(programs, home, password, owner, {} if durable else CARELESS)
        before = _templates(postgres) if keeping or migrated else []
        try:
            if migrated:
                keeping = _begin_migrated(postgres, home) or keeping
            yield postgres
            new = keeping and _clear_for_keeping(postgres) != before
        finally:
            _stop(postgres._server)
        if new and postgres._server.returncode == 0:
            _keep(kept, home)


def _bring_back(kept, home, owner):
    """Copy the kept cluster to `home`; return its password, or nothing where none is kept."""
    with alone(kept.parent):
        if not kept.exists():
            return ""
        shutil.copytree(kept, home, dirs_exist_ok=True)
    for file in (home, *home.rglob("*")) if owner else ():
        os.chown(file, owner["user"], owner["group"])
    (home / "data").chmod(0o700)
    return (home / "password").read_text()


def _begin_migrated(postgres, home):
    """Make the database a copy of the migrated one. Where there is none, make one and return True."""
    template = TEMPLATE + digest()
    is_new = template not in _templates(postgres)
    if is_new:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("LADDER_")}
        ours |= {"DATABASE_URL": postgres.url, "LADDER_DATA": str(home / "ladder")}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrate, cwd=ROOT, env=ours, check=True)
    made, like = (template, "ladder") if is_new else ("ladder", template)
    with psycopg.connect(f"{postgres.url.rpartition('/')[0]}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{made}"')
        connection.execute(f'CREATE DATABASE "{made}" TEMPLATE "{like}"')
    return is_new


def _keep(kept, home):
    with alone(kept.parent), unfinished(kept) as folder:
        folder.mkdir(mode=0o700)
        shutil.copy(home / "password", folder)
        shutil.copytree(home / "data", folder / "data")


def _clear_for_keeping(postgres):
    """Drop every database but the newest templates; return the names of these."""
    templates = _templates(postgres)[-MIGRATED_AT_MOST:]
    with psycopg.connect(f"{postgres.url.rpartition('/')[0]}/postgres", autocommit=True) as connection:
        there = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate").fetchall()
        for (name,) in there:
            if name != "postgres" and name not in templates:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    return templates


def _templates(postgres):
    """Return the names of the migrated databases on a server, the newest last."""
    with psycopg.connect(f"{postgres.url.rpartition('/')[0]}/postgres") as connection:
        named = connection.execute("SELECT datname FROM pg_database ORDER BY oid").fetchall()
    whole = (name for (name,) in named if name.startswith(TEMPLATE))
    return [name for name in whole if not name.endswith("_unfinished")]


def _version(folder):
    digits = "".join(character for character in str(folder) if character.isdigit())
    return int(digits or 0)


def _owner():
    """Root may not run PostgreSQL: who does it instead, as Popen wants it."""
    if os.geteuid() != 0:
        return {}
    names = {account.pw_name: account for account in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _initialise(programs, home, password, owner):
    secret = home / "password"
    secret.write_text(password)
    if owner:
        os.chown(secret, owner["user"], owner["group"])
    choices = ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    done = subprocess.run(
        [programs / "initdb", "-D", home / "data", "-U", "ladder", "--pwfile", secret, *choices],
        capture_output=True,
        text=True,
        cwd=home,
        **owner,
    )
    if done.returncode:
        raise NoPostgres(f"initdb failed: {done.stderr.strip()}")


def _start(programs, home, password, owner, settings, attempts=3):
    port = free_port()
    settings = settings | {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": home,
        "max_connections": 200,
        "timezone": "UTC",
    }
    choices = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    log = home / "log"

    def command():
        with log.open("ab") as output:
            return subprocess.Popen(
                [programs / "postgres", "-D", home / "data", "-p", str(port), *choices],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=home,
                start_new_session=True,  # Ctrl-C is for the tests; the server goes after them
                **owner,
            )

    server = command()
    address = f"postgres://ladder:{password}@127.0.0.1:{port}"
    try:
        _await(server, f"{address}/postgres", log)
    except BaseException as failure:
        _stop(server)
        # Between choosing the port and listening on it, somebody else may have taken it.
        if isinstance(failure, NoPostgres) and "Address already in use" in str(failure) and attempts > 1:
            return _start(programs, home, password, owner, settings, attempts - 1)
        raise
    return Postgres(server, f"{address}/ladder", command)


def _await(server, url, log):
    """Come back when the server answers and holds a database of ours."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise NoPostgres(f"PostgreSQL stopped at once: {log.read_text(errors='replace').strip()}")
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                connection.execute("CREATE DATABASE ladder")
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoPostgres(
        f"PostgreSQL did not answer for {SECONDS_TO_START} s: {log.read_text(errors='replace').strip()}"
    )


def _stop(server):
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(request)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=10)
