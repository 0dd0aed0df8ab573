from django.apps import AppConfig


class PdfConfig(AppConfig):
    """The printer; checks at start that the libraries it needs are there."""

    name = "ladder.pdf"
    label = "pdf"

    def ready(self):
        from . import checks  # noqa: F401
