from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "competencies.trail"
    default_auto_field = "django.db.models.BigAutoField"
