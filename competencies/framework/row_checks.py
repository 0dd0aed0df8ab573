"""Editions of the ladder, held against the digests with which they were loaded and published."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from competencies.trail.row_checks import RowCheck, register

from .loading import digest_of
from .models import Edition
from .writing import spec_of

if TYPE_CHECKING:
    from competencies.trail.models import Entry

    from .models.edition import Editions


@register
class EditionCheck(RowCheck[Edition]):
    """An edition says what it said when it was loaded and published."""

    label = "editions"
    actions = ("edition.loaded", "edition.published")

    def found(self, keys: Collection[str]) -> dict[str, list[Edition]]:
        return {str(row.pk): [row] for row in Edition.objects.filter(pk__in=keys)}

    def everything(self) -> Editions:
        return Edition.objects.all()

    def digest_of(self, row: Edition, entry: Entry) -> str:
        return digest_of(spec_of(row))

    def agrees(self, row: Edition, entry: Entry) -> bool:
        return bool(row.digest == entry.details["digest"])

    def may_be_gone(self, entry: Entry) -> bool:
        """A draft may be thrown away; what was published stays."""
        return entry.action == "edition.loaded"
