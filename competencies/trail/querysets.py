"""Entries of the trail by what a reader looks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from competencies.core.querysets import Guarded

if TYPE_CHECKING:
    from competencies.people.models import Person

    from .models import Entry


@dataclass(frozen=True)
class Stretch:
    """Some entries on end, newest first, and the entry from which to read on in either direction.

    `newer` and `older` are public identifiers of entries; None where nothing follows.
    """

    rows: list[Entry]
    newer: UUID | None = None
    older: UUID | None = None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Entries(Guarded["Entry"]):
    """Entries by person, action, record and day, read in stretches: a trail is too long to be counted."""

    def newest(self) -> Self:
        return self.order_by("-at", "-sequence")

    def matching(
        self,
        *,
        actors: Sequence[Person] | None = None,
        about: Sequence[Person] | None = None,
        actions: Sequence[str] | None = None,
        record: tuple[str, str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Self:
        """Keep entries that one of `actors` made, about one of `about`, of one of `actions`, in those days.

        Each of the three is a list, None asks for nothing. `record` is the label of a model and the key
        of a row: `("reviews.review", "7")`. `since` and `until` are dates, both included, in the
        reader's time zone.
        """
        criteria: dict[str, Sequence[object] | None] = {"actor": actors, "about": about, "action": actions}
        entries = self
        for field, values in criteria.items():
            if values is not None:  # of one value, the index gives the entries in order
                one = len(values) == 1
                entries = entries.filter(**{field: values[0]} if one else {f"{field}__in": values})
        if record:
            entries = entries.filter(row_model=record[0], row_pk=record[1])
        if since:
            entries = entries.filter(at__gte=_begin(since))
        if until:
            entries = entries.filter(at__lt=_begin(until + timedelta(days=1)))
        return entries

    def stretch(self, size: int, *, before: UUID | None = None, after: UUID | None = None) -> Stretch:
        """Return a `Stretch` of `size` entries: next older than the entry `before`, next newer than `after`.

        Both are public identifiers. Without either, or with one that is not among these entries, the
        newest. Takes the same time anywhere in the trail. Two queries.
        """
        mark = after or before
        place = mark and self.filter(public_id=mark).order_by().values_list("at", "pk").first()
        if not place:
            return self._older(size)
        at, pk = place
        if after:
            newer = self.filter(Q(at__gt=at) | Q(sequence__gt=pk), at__gte=at)
            rows = list(newer.order_by("at", "sequence")[: size + 1])
            found = rows[:size][::-1]
            more = len(rows) > size
            return Stretch(
                found, found[0].public_id if more else None, found[-1].public_id if found else None
            )
        return self.filter(Q(at__lt=at) | Q(sequence__lt=pk), at__lte=at)._older(size, further=True)

    def _older(self, size: int, *, further: bool = False) -> Stretch:
        rows = list(self.newest()[: size + 1])
        found = rows[:size]
        newer = found[0].public_id if found and further else None
        return Stretch(found, newer, found[-1].public_id if len(rows) > size else None)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
