from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "competencies.promotions"
    default_auto_field = "django.db.models.BigAutoField"
