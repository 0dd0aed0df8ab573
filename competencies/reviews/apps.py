from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "competencies.reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import resting  # noqa: F401  it registers what keeps evidence
