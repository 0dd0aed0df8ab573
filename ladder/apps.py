from django.apps import AppConfig


class LadderConfig(AppConfig):
    """The product: pages, API, print and commands. Owns no models."""

    name = "ladder"
