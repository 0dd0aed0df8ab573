from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "competencies.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from competencies.core.clock import read_calendar_with

        from .models.organisation import read_calendar

        read_calendar_with(read_calendar)
