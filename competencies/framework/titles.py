"""Titles: how they are compared, and what parts are called where somebody chooses between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet


def folded(title: str) -> str:
    """Return a title as titles are compared: without case, and with single spaces."""
    return " ".join(title.split()).casefold()


def told_apart(rows: Collection[Any] | QuerySet[Any]) -> dict[int, str]:
    """Return the title of each row, `{id: title}`: with its key where two of one edition share a title.

    No edition is made so any more; those that were published so stay.
    """
    shared = Counter((row.edition_id, folded(row.title)) for row in rows)
    return {
        row.pk: f"{row.title} ({row.key})" if shared[row.edition_id, folded(row.title)] > 1 else row.title
        for row in rows
    }
