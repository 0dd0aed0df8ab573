"""Where work for the background comes from: `task`, of Django itself from the next long-lived version on."""

try:
    from django.tasks import task
except ImportError:
    from django_tasks import task  # type: ignore[no-redef]

__all__ = ["task"]
