from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q

from competencies.core.permissions import rule

if TYPE_CHECKING:
    from competencies.people.models import Person


@rule("sources.read_source", on="sources.Source")
def read_source(person: Person) -> Q:
    """What a published edition rests on; a document that only a draft cites is its authors' so far."""
    published = apps.get_model("framework.Edition").objects.filter(publication__isnull=False)
    covering = published.values("coverage__source")
    cited = published.values("citation__passage__source")
    return Q(pk__in=covering) | Q(pk__in=cited) | person.holding("author")
