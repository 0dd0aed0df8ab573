"""What is written on the log, less the keys that stand in addresses."""

import logging
import re

KEYS = re.compile(
    r"(?<=/setup/)[\w-]+|(?<=/invitation/)[\w-]+|(?<=/forgotten-password/)[\w/-]+"
    r"|(?<=/packet-links/)[\w-]{40,}|(?<=/endorsements/)(?!/)[\w-]{16,}"
)


class WithoutKeys(logging.Formatter):
    """Takes the key out of every link that opens something: who reads a log must not get in by it."""

    def format(self, record):
        return hide(super().format(record))


class Briefly(logging.Filter):
    """Takes the traceback out of each page that an outage kept from its answer: the warning says why.

    Leaves out that a worker is not ready while it warms up, as each does.
    """

    def filter(self, record):
        if getattr(record, "status_code", None) == 503:
            record.exc_info = record.exc_text = None
            return not getattr(getattr(record, "request", None), "is_asked_while_warming_up", False)
        return True


def hide(text):
    """Return a text with dots in the place of each key: of set-up, invitation, new password or link."""
    return KEYS.sub("…", text)


def hide_in(logger):
    """Have a logger that another program set up write without keys."""
    for handler in logger.handlers:
        before = handler.formatter
        handler.setFormatter(WithoutKeys(before._fmt, before.datefmt) if before else WithoutKeys())
