"""JSON from a stranger: bounded in bytes, refused in words when it cannot be read."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

LONGEST_NUMBER = 400  # digits, as many as a float may have before its point


class TooLarge(APIException):
    status_code = 413
    default_code = "too-large"
    default_detail = gettext_lazy("The request is too large.")


class BoundedJSON(BaseParser):
    """Reads one JSON value in UTF-8, of at most `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes.

    Refuses what is no JSON, `NaN`, endless numbers, nesting deeper than Python follows, and half characters
    (a lone `\\ud800`), which no database keeps.
    """

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            text = body.decode()
            value = json.loads(text, parse_constant=_no_number, parse_int=_number)
            if "\\ud" in text.lower():
                json.dumps(value, ensure_ascii=False).encode()
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except ValueError as problem:
            raise ParseError(_("This isn't valid JSON: %(why)s.") % {"why": problem}) from None
        return value


def _number(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:  # Python refuses to read some thousands, in words for programmers
        raise ValueError(_("a number has more than %(most)d digits") % {"most": LONGEST_NUMBER})
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
