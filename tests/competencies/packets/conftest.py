"""Cases to export: as many as a test wants, each proposed."""

import pytest

from tests.competencies.promotions.conftest import committee  # noqa: F401
from tests.scenes import scene


@scene
def proposed(full_case, mara):
    """Sam's case for Staff, proposed by Mara."""
    full_case.propose(by=mara)
    return full_case


@scene
def job(proposed, hana):
    """An export of Sam's case, ordered by Hana."""
    from competencies.packets.models.export import PacketExport
    from competencies.packets.selection import Choice

    return PacketExport.order(Choice(), by=hana, variant="committee")


@pytest.fixture
def item(job):
    return job.items.get()
