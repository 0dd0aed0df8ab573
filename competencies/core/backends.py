"""Django's door to the rules: `person.has_perm(action, row)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import Model, QuerySet

from .permissions import may
from .prepared import prepared

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competencies.people.models import Person


@prepared
def _person(key: int) -> QuerySet[Person]:
    return get_user_model()._default_manager.filter(pk=key)


class PermissionBackend(ModelBackend):
    """Signs people in by email and password, and answers `has_perm` from the rules alone."""

    def get_user(self, user_id: int) -> Person | None:
        found = _person(user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None

    def has_perm(self, user_obj: Person | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        return obj is not None and may(user_obj, perm, obj)

    def get_user_permissions(self, user_obj: Person | AnonymousUser, obj: Model | None = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Person | AnonymousUser, obj: Model | None = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Person | AnonymousUser, obj: Model | None = None) -> set[str]:
        return set()
