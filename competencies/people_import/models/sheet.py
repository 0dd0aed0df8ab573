"""The rows of a file, as long as they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from ..packing import pack, unpack

if TYPE_CHECKING:
    from ..cells import Row
    from ..parser import Table


class Sheets(models.QuerySet["Sheet"]):
    def forget_files(self) -> int:
        """Keep the rows as they were read, and no longer the files themselves."""
        return self.update(content=None, about={})


class Sheet(models.Model):
    """The fact that the rows of a file are still kept; gone once they are of no use.

    With them is the file itself, to be read another way, and what of it is shown to choose by.
    """

    of = models.OneToOneField("Import", models.CASCADE, related_name="sheet")
    headings = models.JSONField()
    packed = models.BinaryField()
    content = models.BinaryField(null=True)
    about = models.JSONField(default=dict)

    objects = Sheets.as_manager()

    class Meta:
        db_table = "people_sheet"

    @staticmethod
    def of_table(table: Table) -> dict[str, Any]:
        """Return the fields that say what a `Table` holds."""
        return {"headings": table.headings, "packed": pack(table.rows), "about": table.about}

    def rows(self) -> list[Row]:
        """Return the rows as read: `[line, cell, …]`."""
        rows: list[Row] = unpack(self.packed)
        return rows
