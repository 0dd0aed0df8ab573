from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate

from ladder.web.validators import ask_every_field

ask_every_field()  # before any module with forms is imported


class LadderConfig(AppConfig):
    """The product: pages, API, print and commands. Owns no models."""

    name = "ladder"

    def ready(self):
        from ladder.accounts import personal_data  # noqa: F401  it declares what is kept of people
        from ladder.jobs import kinds  # noqa: F401  they say how each kind of job is done
        from ladder.pages.accounts import audit_entries  # noqa: F401  it listens

        # the signal comes for apps with models alone
        post_migrate.connect(make_room_for_limits, sender=apps.get_app_config("people"))


def make_room_for_limits(*, using, verbosity=0, **kwargs):
    """Make the table in which limits are counted, with every `migrate`, as it belongs to no model."""
    call_command("createcachetable", database=using, verbosity=0)
