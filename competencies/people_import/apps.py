from __future__ import annotations

from django.apps import AppConfig


class PeopleImportConfig(AppConfig):
    """Files of people: read, compared with who is here, previewed, applied and undone."""

    name = "competencies.people_import"
    default_auto_field = "django.db.models.BigAutoField"
