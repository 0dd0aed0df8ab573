"""Reading the chain from its first entry to its head, and naming what does not fit.

Every entry is read once, in stretches; the rows of which entries hold digests are held against them on
the way, and then the rows are read, so that memory grows with neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from .models import GENESIS, SALT_BYTES, Entry, Head, digest_of
from .row_checks import Break, Finding, Redacted, checked_actions, every_comparison, held

__all__ = ["Break", "Redacted", "Witness", "breaks", "findings"]
Progress = Callable[[str, int], object]

DIGITS = 18  # of the greatest number that a database counts to


@dataclass(frozen=True)
class Witness:
    """The head of the trail as it was once seen and kept elsewhere: a number and the digest of that entry.

    Who owns the database can write the whole chain anew and its head with it. What was noted outside
    of it then no longer fits.
    """

    sequence: int
    digest: str

    @classmethod
    def read(cls, text: str) -> Witness:
        """Take `number:digest`, as a head is printed; refuse anything else with `ValueError`."""
        number, _colon, digest = text.strip().lower().partition(":")
        countable = number.isdecimal() and len(number) <= DIGITS
        if not countable or len(digest) != len(GENESIS) or set(digest) - set("0123456789abcdef"):
            raise ValueError(
                _("%(text)s isn’t a checkpoint: expected a number, a colon and 64 digits") % {"text": text}
            )
        return cls(int(number), digest)


def breaks(*, against: Iterable[Witness] = (), chunk: int = 2000) -> Iterator[Break]:
    """Yield every `Break` of the trail and of the rows it speaks of. Nothing when whole."""
    return (found for found in findings(against=against, chunk=chunk) if isinstance(found, Break))


def findings(
    *, against: Iterable[Witness] = (), chunk: int = 2000, progress: Progress | None = None
) -> Iterator[Finding]:
    """Yield every `Break`, and every row that was `Redacted`, reading `chunk` entries at a time.

    `against` are `Witness`es that the trail has to agree with. Others may write meanwhile: what comes
    after the head that stood at the beginning is not read. `progress(what, done)` is called after each
    stretch: `what` is `entries` or a kind of row, `done` how many of them were read.
    """
    progress = progress or (lambda _what, _done: None)
    head = Head.here()
    yield from _along_the_chain(head, chunk, progress)
    yield from _beyond_the_head()
    yield from _against(against)
    for what, compare in every_comparison().items():
        done = 0
        for more, found in compare():
            yield from found
            progress(what, done := done + more)


def _along_the_chain(head: Head, chunk: int, progress: Progress) -> Iterator[Finding]:
    expected, previous, salted = 1, GENESIS, False
    checked = checked_actions()
    to_hold: list[Entry] = []
    rows = Entry.objects.filter(sequence__lte=head.sequence).order_by("sequence")
    values = rows.values_list("digest", *Entry.SEALED).iterator(chunk_size=chunk)
    for done, (digest, *sealed) in enumerate(values, 1):
        fields = dict(zip(Entry.SEALED, sealed, strict=True))
        sequence, salt = fields["sequence"], fields["salt"]
        if sequence != expected:
            yield Break(expected, _("missing: the next entry found is %(number)d") % {"number": sequence})
        elif fields["previous"] != previous:
            yield Break(sequence, _("does not follow the entry before it"))
        if digest_of(*sealed) != digest:
            yield Break(sequence, _("was altered after it was written"))
        elif len(salt) != 2 * SALT_BYTES and (salted or salt):
            yield Break(sequence, _("has no salt, but entries before it have one"))
        elif fields["action"] in checked:
            to_hold.append(Entry(digest=digest, **fields))
        expected, previous, salted = sequence + 1, digest, salted or bool(salt)
        if done % chunk == 0:
            yield from held(to_hold)
            to_hold = []
            progress("entries", done)
    yield from held(to_hold)

    if (head.sequence, head.digest) != (expected - 1, previous):
        yield Break(
            expected,
            _("the end was cut off: the latest hash is of entry %(number)d") % {"number": head.sequence},
        )


def _beyond_the_head() -> Iterator[Break]:
    """Name an entry after the head. One statement, so that who writes meanwhile is not taken for it."""
    head = Head.objects.filter(pk=1).values("sequence")
    for entry in Entry.objects.filter(sequence__gt=Coalesce(Subquery(head), 0)).order_by("sequence")[:1]:
        yield Break(entry.sequence, _("comes after the latest hash: Ladder did not add it"))


def _against(witnesses: Iterable[Witness]) -> Iterator[Break]:
    seen = {witness for witness in witnesses if witness.sequence}
    found = dict(
        Entry.objects.filter(pk__in={witness.sequence for witness in seen}).values_list("pk", "digest")
    )
    for witness in sorted(seen, key=lambda witness: witness.sequence):
        if found.get(witness.sequence) != witness.digest:
            yield Break(witness.sequence, _("doesn’t match the checkpoint"))
