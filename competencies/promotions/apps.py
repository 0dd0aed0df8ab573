from __future__ import annotations

from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "competencies.promotions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import exhibits  # noqa: F401  it registers what keeps evidence
