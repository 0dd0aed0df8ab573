from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    """Whole records of people: copied, held, erased. Loads `records.py` of every app that keeps more."""

    name = "competencies.records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        autodiscover_modules("records")
