"""What gunicorn calls: its settings are given on the command line, by `server.py`."""

from django.conf import settings

from ladder.ops.warming_up import load_templates, warming_up


def pre_fork(server, _worker):
    """Load the templates once the first worker answers: those forked after it share them."""
    if server.WORKERS:
        load_templates()


def post_worker_init(worker):
    """Let a worker warm up from the moment that it answers. Runs in the worker, after the fork."""
    if settings.WARM_UP:
        warming_up.begin(is_busy=worker.is_answering, leaves=lambda: not worker.alive)
