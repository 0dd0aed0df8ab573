from django.apps import AppConfig


class OnePagePrintsConfig(AppConfig):
    """A Ladder whose packets come out on a page each."""

    name = "tests.ladder.commands.one_page_prints"
    label = "one_page_prints"

    def ready(self):
        from ladder.jobs import packet_documents
        from tests.ladder.pdf.one_page import one_page

        packet_documents.typeset = one_page
