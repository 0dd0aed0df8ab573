"""Every address of the API, read from the URL resolver rather than from a list."""

import re
from uuid import UUID

from django.urls import URLPattern, get_resolver


def routes():
    """Return the routes under `/api/` as templates: `/api/v1/reviews/<int:pk>/`."""
    api = next(part for part in get_resolver().url_patterns if str(part.pattern) == "api/")
    return sorted(set(_under(api, "/api/")))


def fill(route, ids, *, competency=1):
    """Put an id of `ids` (by resource) in the place of each converter."""
    resource = route.split("/")[3]
    route = re.sub(r"<int:competency>", str(competency), route)
    route = re.sub(r"<uuid:\w+>", str(ids.get(resource, UUID(int=1))), route)
    return re.sub(r"<int:\w+>", lambda match: str(ids.get(resource, 1)), route)


def _under(resolver, base):
    for part in resolver.url_patterns:
        address = base + str(part.pattern)
        if isinstance(part, URLPattern):
            yield base + "nowhere/" if str(part.pattern) == "^" else address
        else:
            yield from _under(part, address)
