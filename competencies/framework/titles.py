"""What parts of an edition are called where somebody chooses between them."""

from collections import Counter

from .querysets import folded


def told_apart(rows):
    """Return the title of each row, `{id: title}`: with its key where two of one edition share a title.

    No edition is made so any more; those that were published so stay.
    """
    shared = Counter((row.edition_id, folded(row.title)) for row in rows)
    return {
        row.pk: f"{row.title} ({row.key})" if shared[row.edition_id, folded(row.title)] > 1 else row.title
        for row in rows
    }
