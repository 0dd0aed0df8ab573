"""Reading the chain from its first entry to its head, and naming what does not fit."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .models import GENESIS, Entry, Head


@dataclass(frozen=True)
class Break:
    """A place where the trail is not what was written: the entry's number and what is wrong."""

    sequence: int
    reason: str


def breaks(*, chunk=2000):
    """Yield every `Break` of the trail, reading it `chunk` entries at a time. Nothing when whole."""
    expected, previous = 1, GENESIS
    for entry in Entry.objects.order_by("sequence").iterator(chunk_size=chunk):
        if entry.sequence != expected:
            yield Break(
                expected, _("missing: the next entry found is %(number)d") % {"number": entry.sequence}
            )
        elif entry.previous != previous:
            yield Break(entry.sequence, _("does not follow the entry before it"))
        if entry.computed_digest() != entry.digest:
            yield Break(entry.sequence, _("was altered after it was written"))
        expected, previous = entry.sequence + 1, entry.digest

    head = Head.objects.first() or Head()
    if (head.sequence, head.digest) != (expected - 1, previous):
        yield Break(
            expected, _("the end was cut off: the head stands at %(number)d") % {"number": head.sequence}
        )
