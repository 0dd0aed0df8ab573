"""Cases to export: as many as a test wants, each proposed."""

import pytest

from tests.scenes import scene


@scene
def proposed(full_case, mara):
    """Sam's case for Staff, proposed by Mara."""
    full_case.propose(by=mara)
    return full_case


@scene
def job(proposed, hana):
    """An export of Sam's case, ordered by Hana."""
    from competencies.packets.choosing import Choice
    from competencies.packets.exports import ExportJob

    return ExportJob.order(Choice(), by=hana, variant="committee")


@pytest.fixture
def item(job):
    return job.items.get()
