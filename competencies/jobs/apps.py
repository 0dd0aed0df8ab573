from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """What is done in the background: ordered, claimed by a worker, and ended once."""

    name = "competencies.jobs"
    default_auto_field = "django.db.models.BigAutoField"
