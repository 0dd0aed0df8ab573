"""Reading the chain from its first entry to its head, and naming what does not fit."""

from dataclasses import dataclass

from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from .models import GENESIS, Entry, Head, digest_of


@dataclass(frozen=True)
class Break:
    """A place where the trail is not what was written: the entry's number and what is wrong."""

    sequence: int
    reason: str


@dataclass(frozen=True)
class Witness:
    """The head of the trail as it was once seen and kept elsewhere: a number and the digest of that entry.

    Who owns the database can write the whole chain anew and its head with it. What was noted outside
    of it then no longer fits.
    """

    sequence: int
    digest: str

    @classmethod
    def read(cls, text):
        """Take `number:digest`, as a head is printed; refuse anything else with `ValueError`."""
        number, _colon, digest = text.strip().lower().partition(":")
        if not number.isdecimal() or len(digest) != len(GENESIS) or set(digest) - set("0123456789abcdef"):
            raise ValueError(_("%(text)s is no head of a trail: number, colon, 64 digits") % {"text": text})
        return cls(int(number), digest)


def breaks(*, against=(), chunk=2000):
    """Yield every `Break` of the trail, reading it `chunk` entries at a time. Nothing when whole.

    `against` are `Witness`es that the trail has to agree with. Others may write meanwhile: what comes
    after the head that stood at the beginning is not read.
    """
    head = Head.here()
    expected, previous = 1, GENESIS
    rows = Entry.objects.filter(sequence__lte=head.sequence).order_by("sequence")
    for digest, *sealed in rows.values_list("digest", *Entry.SEALED).iterator(chunk_size=chunk):
        follows, sequence = sealed[:2]
        if sequence != expected:
            yield Break(expected, _("missing: the next entry found is %(number)d") % {"number": sequence})
        elif follows != previous:
            yield Break(sequence, _("does not follow the entry before it"))
        if digest_of(*sealed) != digest:
            yield Break(sequence, _("was altered after it was written"))
        expected, previous = sequence + 1, digest

    if (head.sequence, head.digest) != (expected - 1, previous):
        yield Break(
            expected, _("the end was cut off: the head stands at %(number)d") % {"number": head.sequence}
        )
    yield from _beyond_the_head()
    yield from _against(against)


def _beyond_the_head():
    """Name an entry after the head. One statement, so that who writes meanwhile is not taken for it."""
    head = Head.objects.filter(pk=1).values("sequence")
    for entry in Entry.objects.filter(sequence__gt=Coalesce(Subquery(head), 0)).order_by("sequence")[:1]:
        yield Break(entry.sequence, _("stands after the head: it was not added by the product"))


def _against(witnesses):
    seen = {witness for witness in witnesses if witness.sequence}
    found = dict(
        Entry.objects.filter(pk__in={witness.sequence for witness in seen}).values_list("pk", "digest")
    )
    for witness in sorted(seen, key=lambda witness: witness.sequence):
        if found.get(witness.sequence) != witness.digest:
            yield Break(witness.sequence, _("is not the entry that was seen here before"))
