from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """The rules of who may do what; loads `access.py` of every app."""

    name = "competencies.core"

    def ready(self) -> None:
        autodiscover_modules("access")
