"""Django's door to the rules: `person.has_perm(action, row)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.backends import ModelBackend
from django.db.models import Model

from .permissions import may

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competencies.people.models import Person


class PermissionBackend(ModelBackend):
    """Signs people in by email and password, and answers `has_perm` from the rules alone."""

    def has_perm(self, user_obj: Person | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        return obj is not None and may(user_obj, perm, obj)

    def get_user_permissions(self, user_obj: Person | AnonymousUser, obj: Model | None = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Person | AnonymousUser, obj: Model | None = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Person | AnonymousUser, obj: Model | None = None) -> set[str]:
        return set()
