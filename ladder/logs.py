"""What is written on the log, less the keys that stand in addresses."""

import logging
import re

KEYS = re.compile(
    r"(?<=/setup/)[\w-]+|(?<=/invitation/)[\w-]+|(?<=/forgotten-password/)[\w/-]+"
    r"|(?<=/packet-links/)[\w-]{40,}"
)


class WithoutKeys(logging.Filter):
    """Takes the key out of every link that opens something: who reads a log must not get in by it."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(hide(value) if isinstance(value, str) else value for value in record.args)
        return True


class Briefly(logging.Filter):
    """Takes the traceback out of each page that an outage kept from its answer: `ladder.outage` says why."""

    def filter(self, record):
        if getattr(record, "status_code", None) == 503:
            record.exc_info = record.exc_text = None
        return True


def hide(text):
    """Return a text with dots in the place of each key: of set-up, invitation, new password or link."""
    return KEYS.sub("…", text)
