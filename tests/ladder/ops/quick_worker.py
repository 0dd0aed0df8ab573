"""A site of one worker with two threads, which drops heads after a second, for `test_gunicorn_worker.py`."""

from ladder.ops.gunicorn_worker import HeadsFirst


class Quick(HeadsFirst):
    within = 1


def answer(environ, start_response):
    """Say the path, and how many bytes came with the request."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['PATH_INFO']} {len(body)}".encode()]
