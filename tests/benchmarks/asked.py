"""A process that answers requests one by one and says what each took: `python asked.py ladder|floor`.

`ratios` starts it in the folder of the commit that is measured. It reads a request from each line of its
input, `{"who": email, "path": …}`, and asks the application as a server would, without one between.
"""

import gzip
import io
import json
import os
import sys
import time
from importlib import import_module
from urllib.parse import urlencode

FORGERY_TOKEN = "a" * 32


def application_of(project):
    if project == "floor":
        from tests.benchmarks.floor import app

        app.fill()
        return app.application
    from ladder.wsgi import application

    return application


def session_of(email):
    """Return the key of a new session of somebody, by email; of the floor's one user for any."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    people = get_user_model().objects.all()
    person = people.get(email=email) if people.filter(email=email).exists() else people.first()
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"] = str(person.pk)
    store["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    store["_auth_user_hash"] = person.get_session_auth_hash()
    store.save()
    return store.session_key


def environ(path, cookie, fields=None):
    """Return the environment of a GET or, where there are `fields`, of a POST of a form that saves itself."""
    path, _, query = path.partition("?")
    asked = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT": "text/html",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
    }
    if fields is not None:
        body = urlencode(fields).encode()
        asked |= {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_CSRFTOKEN": FORGERY_TOKEN,
            "HTTP_HX_REQUEST": "true",
            "wsgi.input": io.BytesIO(body),
        }
    return asked


def ask(application, asked):
    """Return `(status, seconds of the processor, body as sent, encoding)` of one request."""
    status, headers = [], {}

    def start(line, fields, _exc=None):
        status.append(int(line.split()[0]))
        headers.update({name.lower(): value for name, value in fields})

    began = time.process_time()
    response = application(asked, start)
    body = b"".join(response)
    response.close()
    return status[0], time.process_time() - began, body, headers.get("content-encoding", "")


def explained(application, asked):
    """Return what PostgreSQL says of the statements of a page, asked again.

    The milliseconds of all for planning and carrying out, how many there are, and of the one that takes
    longest how long that is, what it reads, and what its plan looks up and reads through.
    """
    from django.db import connection

    found = []

    def note(execute, sql, params, many, context):
        if sql.startswith("SELECT"):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask(application, asked)
    taken, dearest = {"Planning": 0.0, "Execution": 0.0}, {"ms": 0.0}
    with connection.cursor() as cursor:
        for sql, params in found:
            cursor.execute(f"EXPLAIN (ANALYZE, SUMMARY, COSTS OFF) {sql}", params)
            plan = [line for (line,) in cursor.fetchall()]
            of_this = {line.split()[0]: float(line.split()[2]) for line in plan if " Time: " in line}
            for kind in taken:
                taken[kind] += of_this[kind]
            if of_this["Execution"] > dearest["ms"]:
                of = sql.split(' FROM "')[1].split('"')[0]
                dearest = {"ms": of_this["Execution"], "of": of} | carried_out("\n".join(plan))
    return taken | {"statements": len(found), "dearest": dearest}


def carried_out(plan):
    """Return how often a plan looks into an index, and which tables it reads through."""
    done = [step for step in plan.splitlines() if "(actual" in step and "(never executed)" not in step]
    read = {step.split("Seq Scan on ")[1].split()[0] for step in done if "Seq Scan on " in step}
    return {
        "looked_up": sum(" using " in step or "Bitmap Index" in step for step in done),
        "read": sorted(read),
    }


def queries_of(application, asked):
    from django.db import connection

    found = []

    def note(execute, sql, params, many, context):
        found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask(application, asked)
    return len(found)


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else is printed
    began = time.process_time()
    application = application_of(sys.argv[1])
    from django.conf import settings

    cookies = {}
    print(json.dumps({"started": time.process_time() - began}), file=answers, flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        if wanted["who"] not in cookies:
            cookies[wanted["who"]] = f"{settings.SESSION_COOKIE_NAME}={session_of(wanted['who'])}"
        asked = environ(wanted["path"], cookies[wanted["who"]])
        if wanted.get("explain"):
            said = explained(application, asked)
        elif wanted.get("count"):
            said = {"queries": queries_of(application, asked)}
        else:
            began = time.perf_counter()
            status, seconds, body, encoding = ask(application, asked)
            wall = time.perf_counter() - began
            plain = gzip.decompress(body) if encoding == "gzip" else body
            said = {"status": status, "seconds": seconds, "wall": wall, "sent": len(body), "html": len(plain)}
        print(json.dumps(said), file=answers, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    main()
