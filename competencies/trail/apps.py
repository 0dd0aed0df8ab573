from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TrailConfig(AppConfig):
    """The trail. Loads `row_checks.py` of every app of whose rows entries hold digests."""

    name = "competencies.trail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("row_checks")
