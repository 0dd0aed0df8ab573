from django.apps import AppConfig


class PrintConfig(AppConfig):
    """The printer; checks at start that the libraries it needs are there."""

    name = "ladder.print"
    label = "print"

    def ready(self):
        from . import checks  # noqa: F401
