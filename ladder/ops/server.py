"""The processes that serve Ladder: the web server and the background worker, started and stopped together."""

import errno
import http.client
import json
import signal
import socket
import time
from contextlib import suppress

from django.conf import settings

from ladder.installation import CHECKOUT
from ladder.ops.maintenance import take_for_fit
from ladder.ops.supervisor import Child, Ended, Gate
from ladder.ops.warming_up import load_program

LAST_PORT = 65_535
START_AT = "make run PORT={}" if CHECKOUT else "ladder start --port {}"
STARTS_WITHIN, STOPS_WITHIN, GLANCE, FIRST_GLANCES = 60, 8, 0.2, 0.02
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  compared with, never bound


class Serving:
    """Web server and, where it is wanted, worker on one address, each in a process group of its own."""

    def __init__(self, host, port, *, worker=True):
        self.host, self.port, self.worker = host, port, worker
        self.children, self.gate = [], Gate()
        self.claim = socket.socket(_family(host), socket.SOCK_STREAM)

    @property
    def address(self):
        local = self.host in (*EVERYWHERE, "127.0.0.1")
        return f"http://{'localhost' if local else self.host}:{self.port}"

    def take_port(self):
        """Keep the port from all but the web server, which shares it: another start would as well."""
        with suppress(OSError):  # what is left of connections of another program keeps the port for a minute
            self.claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            self.claim.bind((self.host, self.port))

    def begin(self):
        """Have the web server load the program, on another processor, and wait for `start`."""
        self._begin("web server", "gunicorn", *self._gunicorn(), first=self._load)

    def start(self, fit):
        """Let it serve what was found `fit`; return once it answers. Refuses with `Ended` when it does not.

        The worker comes after it: somebody waits for the first page.
        """
        self.gate.open(json.dumps(fit).encode())
        self._until_it_answers()
        if self.worker:
            self._begin("background worker", "ladder", "work")

    def watch(self, leaving):
        """Wait until `leaving()`, and replace whichever of them ends by itself."""
        while not leaving():
            self._glance()

    def stop(self):
        """Ask them to finish, and end what has not finished after some seconds. Safe to call twice."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
        self._tell(signal.SIGTERM)
        deadline = time.monotonic() + STOPS_WITHIN
        for child in self.children:
            child.process.join(max(0, deadline - time.monotonic()))
            if child.process.is_alive():
                self._tell(signal.SIGKILL)
                child.process.join()
        self.claim.close()

    def _begin(self, name, *arguments, **options):
        self.children.append(Child(name, *arguments, served_at=self.address, **options))

    def _load(self):
        """Load the program, and wait until the database is ready. Runs in the process of the web server."""
        load_program()
        take_for_fit(json.loads(self.gate.pass_through()))

    def _gunicorn(self):
        """Two workers of four threads; each worker accepts for itself, or one would get all connections.

        The program is loaded once for both; each warms up for itself once it is there. No header says where
        the site is mounted: a proxy may pass on one that a visitor sent.
        """
        host = f"[{self.host}]" if ":" in self.host else self.host
        yield from ("ladder.wsgi", "--bind", f"{host}:{self.port}")
        yield from ("--worker-class", "ladder.ops.gunicorn_worker.HeadsFirst", "--worker-connections", "400")
        yield from ("--workers", "2", "--threads", "4", "--reuse-port", "--preload")
        yield from ("--config", "python:ladder.ops.gunicorn_hooks", "--forwarder-headers", "")
        yield from ("--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket")

    def _until_it_answers(self):
        deadline = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            self._glance(FIRST_GLANCES)
            if time.monotonic() > deadline:
                raise Ended(f"The web server didn't respond within {STARTS_WITHIN} seconds.")

    def _answers(self):
        connection = http.client.HTTPConnection(
            "127.0.0.1" if self.host in EVERYWHERE else self.host, self.port, timeout=5
        )
        headers = {"Host": settings.ALLOWED_HOSTS[0].lstrip("."), "X-Forwarded-Proto": "https"}
        try:
            connection.request("GET", "/healthz", headers=headers)
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _glance(self, seconds=GLANCE):
        for child in self.children:
            child.replace_if_dead()
        time.sleep(seconds)

    def _tell(self, number):
        for child in self.children:
            child.tell(number)


def _family(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def site(otherwise=""):
    """Return the address at which a browser reaches this installation: `otherwise`, unless one is set."""
    return settings.ADDRESS if settings.ADDRESS_IS_SET or not otherwise else otherwise


def cannot_bind(host, port):
    """Return why nothing can be served on `host` and `port`, in a sentence; empty if it can."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return f"Port {port} needs root. Choose one above 1023: {START_AT.format(8000)}"
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return f"{host} is not an address of this machine: {error.strerror or error}."
            other = port + 1 if port < LAST_PORT else port - 1
            return (
                f"Port {port} is in use, perhaps by another Ladder. Choose another: {START_AT.format(other)}"
            )
        except ValueError:  # a name that no name of a host can be
            return f"{host!r} is not an address of this machine."
    return ""
