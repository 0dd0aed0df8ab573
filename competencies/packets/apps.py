from __future__ import annotations

from django.apps import AppConfig


class PacketsConfig(AppConfig):
    name = "competencies.packets"
    default_auto_field = "django.db.models.BigAutoField"
