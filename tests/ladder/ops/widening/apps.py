from django.apps import AppConfig


class WideningConfig(AppConfig):
    """A release to come, which widens a column of every table."""

    name = "tests.ladder.ops.widening"
    label = "widening"
