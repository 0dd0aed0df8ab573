from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PersonalDataConfig(AppConfig):
    """Whole records of people: copied, held, erased. Loads `records.py` of every app that keeps more.

    Tables, migrations and kinds of record know it by the label of its first days, `records`.
    """

    name = "competencies.personal_data"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("records")
