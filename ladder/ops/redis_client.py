"""The Redis that wakes workers, where `LADDER_TASKS` names one."""

from functools import cache

from django.conf import settings

PATIENCE = 1  # seconds that a page waits for Redis; then it leaves it alone for some
LOOKS_AGAIN = 5  # seconds after which a worker looks for work that nobody woke it for, while Redis is there


@cache
def redis():
    """Return the client of the Redis that `LADDER_TASKS` names."""
    from redis import Redis

    return Redis.from_url(
        settings.TASKS_ON_REDIS, socket_connect_timeout=PATIENCE, socket_timeout=LOOKS_AGAIN + PATIENCE
    )
