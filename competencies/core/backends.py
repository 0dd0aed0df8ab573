"""Django's door to the rules: `person.has_perm(action, row)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import Model, QuerySet

from .clock import note_calendar
from .permissions import may
from .prepared import prepared

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competencies.people.models import Person
    from competencies.people.models.person_queryset import People


class PermissionBackend(ModelBackend):
    """Signs people in by email and password, and answers `has_perm` from the rules alone."""

    def get_user(self, user_id: int) -> Person | None:
        """Return whoever has the key `user_id` and may still sign in. The calendar is read along."""
        found = person_of(user_id)
        if found:
            note_calendar(found[0].calendar_here)
        return found[0] if found and self.user_can_authenticate(found[0]) else None

    def has_perm(self, user_obj: Person | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        return obj is not None and may(user_obj, perm, obj)

    def get_user_permissions(self, user_obj: Person | AnonymousUser, obj: Model | None = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Person | AnonymousUser, obj: Model | None = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Person | AnonymousUser, obj: Model | None = None) -> set[str]:
        return set()


@prepared
def person_of(key: int) -> QuerySet[Person]:
    """Return the person with this key: each request of a session asks for one."""
    people: People = get_user_model()._default_manager.filter(pk=key)
    return people.with_calendar()
