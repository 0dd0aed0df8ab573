from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from competencies.core.permissions import rule
from competencies.trail.visibility import show_digests

if TYPE_CHECKING:
    from competencies.people.models import Person


show_digests("edition.published")


@rule("framework.read_edition", on="framework.Edition")
def read_edition(person: Person) -> Q:
    return Q(publication__isnull=False) | person.holding("author")


@rule("framework.publish_edition", on="framework.Edition")
def publish_edition(person: Person) -> Q:
    return person.holding("author")


@rule("framework.read_competency", on="framework.Competency")
def read_competency(person: Person) -> Q:
    return Q(edition__publication__isnull=False) | person.holding("author")


@rule("framework.read_track", on="framework.Track")
def read_track(person: Person) -> Q:
    return Q(edition__publication__isnull=False) | person.holding("author")


@rule("framework.read_skill", on="framework.Skill")
def read_skill(person: Person) -> Q:
    return Q(edition__publication__isnull=False) | person.holding("author")
