"""The table: every route and method of the product, and who is answered how."""

from . import (
    accounts,
    administration,
    api,
    committees,
    exports,
    framework,
    people,
    promotions,
    reviews,
    shell,
)

SUBJECTS = (
    shell,
    accounts,
    administration,
    framework,
    people,
    reviews,
    promotions,
    committees,
    exports,
    api,
)
ROUTES = {}
for subject in SUBJECTS:
    if twice := ROUTES.keys() & subject.ROUTES.keys():
        raise ValueError(f"said twice: {sorted(twice)}")
    ROUTES |= subject.ROUTES
