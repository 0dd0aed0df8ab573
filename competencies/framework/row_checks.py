"""Editions of the ladder, held against the digests with which they were loaded and published."""

from competencies.trail.row_checks import RowCheck, register

from .loading import digest_of
from .models import Edition
from .writing import spec_of


@register
class EditionCheck(RowCheck):
    """An edition says what it said when it was loaded and published."""

    label = "editions"
    actions = ("edition.loaded", "edition.published")

    def found(self, keys):
        return {str(row.pk): [row] for row in Edition.objects.filter(pk__in=keys)}

    def everything(self):
        return Edition.objects.all()

    def digest_of(self, row, entry):
        return digest_of(spec_of(row))

    def agrees(self, row, entry):
        return row.digest == entry.details["digest"]

    def may_be_gone(self, entry):
        """A draft may be thrown away; what was published stays."""
        return entry.action == "edition.loaded"
