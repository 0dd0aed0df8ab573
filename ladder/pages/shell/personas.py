"""Whom one can step in as, on the demo company only."""

from django.contrib.auth import get_user_model

from competencies.people.models import Organisation


def personas():
    """Return `[{person, title, what}]` for the sign-in page; empty unless this is the demo company."""
    organisation = Organisation.here()
    if not organisation.demo:
        return []
    people = get_user_model().objects.active().in_bulk([row["person"] for row in organisation.personas])
    return [
        {"person": people[row["person"]], "title": people[row["person"]].title, "what": row["what"]}
        for row in organisation.personas
        if row["person"] in people
    ]
