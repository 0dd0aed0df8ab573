"""Django's door to the rules: `person.has_perm(action, row)`."""

from django.contrib.auth.backends import ModelBackend

from .permissions import may


class PermissionBackend(ModelBackend):
    """Signs people in by email and password, and answers `has_perm` from the rules alone."""

    def has_perm(self, user_obj, perm, obj=None):
        return obj is not None and may(user_obj, perm, obj)

    def get_user_permissions(self, user_obj, obj=None):
        return set()

    def get_group_permissions(self, user_obj, obj=None):
        return set()

    def get_all_permissions(self, user_obj, obj=None):
        return set()
