"""Whom one can step in as, on the demo company only."""

from django.conf import settings
from django.contrib.auth import get_user_model

from competencies.people.models import Organisation


def is_demo(organisation=None):
    """Say whether this is the demo company. A production start never is, whatever its database holds."""
    return not settings.PRODUCTION and (organisation or Organisation.here()).demo


def personas():
    """Return `[{person, title, what}]` for the sign-in page; empty unless this is the demo company."""
    if not is_demo():
        return []
    organisation = Organisation.here()
    people = get_user_model().objects.active().in_bulk([row["person"] for row in organisation.personas])
    return [
        {"person": people[row["person"]], "title": people[row["person"]].title, "what": row["what"]}
        for row in organisation.personas
        if row["person"] in people
    ]
