import pytest


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """Files go into folders of the test's own, and tasks run at once."""
    settings.PACKET_DIR, settings.EXPORT_DIR = tmp_path / "packets", tmp_path / "exports"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def left(sam):
    """Sam, who has left."""
    from datetime import timedelta

    from competencies.core.clock import today

    sam.leaves_on = today() - timedelta(days=1)
    sam.save(update_fields=["leaves_on"])
    return sam
