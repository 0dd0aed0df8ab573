"""The background worker, as pages need it."""

import pytest
from django.utils.module_loading import import_string


@pytest.fixture
def work():
    """A function that does what was ordered of the background worker so far."""
    from django_tasks_db.models import DBTaskResult

    def do():
        for order in DBTaskResult.objects.ready():
            import_string(order.task_path).call(*order.args_kwargs["args"], **order.args_kwargs["kwargs"])
            order.delete()

    return do
