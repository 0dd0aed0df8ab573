from __future__ import annotations

from django.apps import AppConfig


class FrameworkConfig(AppConfig):
    name = "competencies.framework"
    default_auto_field = "django.db.models.BigAutoField"
