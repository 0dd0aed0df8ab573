"""The editions in force, one a framework, and which of them is somebody's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import cached_property

from competencies.core.prepared import prepared

from .models import Edition

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competencies.people.models import Placement


class InForce:
    """The editions in force today. One query, however often it is asked."""

    @cached_property
    def editions(self) -> list[Edition]:
        return _editions_in_force()

    @property
    def several(self) -> bool:
        """Whether there is anything to choose between."""
        return len(self.editions) > 1

    @cached_property
    def _by_framework(self) -> dict[int, Edition]:
        return {edition.framework_id: edition for edition in self.editions}

    def of_framework(self, framework: int) -> Edition | None:
        """Return the edition in force of the framework with this id, or None."""
        return self._by_framework.get(framework)

    def of(self, placement: Placement | None) -> Edition | None:
        """Return the edition in force of the framework of a placement, or None where it has none.

        Whoever has no placement (None) is read on the only edition in force; where there are several, on
        none. Needs `level__edition` joined.
        """
        if placement is not None:
            return self.of_framework(placement.level.edition.framework_id)
        return self.editions[0] if len(self.editions) == 1 else None

    def open_to(self, placement: Placement | None) -> list[Edition]:
        """Return the editions between which a form chooses: one's own; all of them without a placement."""
        own = self.of(placement)
        if own is not None:
            return [own]
        return [] if placement is not None else self.editions


@prepared
def _editions_in_force() -> QuerySet[Edition]:
    return Edition.objects.in_force()
