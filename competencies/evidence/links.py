"""Where a reader can see a piece of evidence: a page on the web or in the company's own network."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = 2_000  # characters: links of document stores pass 500 easily
HOST = re.compile(r"[^\W_](?:[\w.-]*\w)?\.?", re.ASCII)
SPACED = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def check_link(value: str) -> None:
    """Refuse with `ValidationError` what is no http or https address of a host, be it `http://wiki/page`."""
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", None
    reached = parts is not None and parts.scheme in ("http", "https") and _is_host(host)
    if not reached or SPACED.search(value):
        raise ValidationError(_("Enter a web address, such as https://wiki/page."), code="invalid")


def _is_host(host: str) -> bool:
    if ":" in host:  # IPv6, which urlsplit has checked
        return True
    try:
        return bool(HOST.fullmatch(host.encode("idna").decode())) if host else False
    except UnicodeError:
        return False
