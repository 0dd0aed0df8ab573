"""Many entries at once, made ready before the trail is held: while it is, nobody else can add to it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Model

from competencies.core.bulk import Staged, fields_of
from competencies.core.clock import now

from .kinds import kind_of
from .models import SALT_BYTES, Entry, Head, canonical, sealed, text_of

if TYPE_CHECKING:
    from competencies.people.models import Person


SOME_DAY, SOME_NUMBER = datetime.max.replace(tzinfo=UTC), 10**18  # in the place of what is not known yet
ACTION_AND_ROW = ("action", "row_model", "row_pk")
[PUBLIC_ID] = fields_of(Entry, "public_id")


class Batch:
    """Entries by one person. Joining one to the chain takes a hash and a row, a tenth of making it."""

    def __init__(self, *, by: Person | None) -> None:
        self.by = by
        self._values: list[Sequence[Any]] = []
        self._texts: list[tuple[str, str, str]] = []
        self._staged: Staged | None = None

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, action: str, model: type[Model], pk: object, *, about: int | None, **data: object) -> None:
        """Make an entry ready: `action` was done to the row `pk` of `model`, `about` a person (an id)."""
        salt, public_id = token_hex(SALT_BYTES), uuid4()
        details = canonical(sealed(data, salt))
        values = (self.by.pk if self.by else None, action, kind_of(model), str(pk), about, details, salt)
        text = text_of(SOME_NUMBER, SOME_DAY, *values, public_id)
        before, _day, rest = text.partition(SOME_DAY.isoformat(timespec="microseconds"))
        middle, _number, after = rest.rpartition(str(SOME_NUMBER))
        self._values.append((*values, PUBLIC_ID.get_db_prep_save(public_id, connection)))
        self._texts.append((before, middle, after))

    def stage(self) -> None:
        """Lay the entries beside the database: nothing is added after."""
        self._staged, self._values = (
            Staged(
                Entry,
                fields_of(Entry, "actor", *ACTION_AND_ROW, "about", "data", "salt", "public_id"),
                self._values,
            ),
            [],
        )

    @transaction.atomic(savepoint=False)
    def join(self) -> None:
        """Add the entries to the trail, in order, inside the transaction of what they record."""
        if not self._texts:
            return
        if self._staged is None:
            raise RuntimeError("stage() comes first")
        head, _created = Head.objects.select_for_update().get_or_create(pk=1)
        at, links = now(), []
        [field_at] = fields_of(Entry, "at")
        kept_at = field_at.get_db_prep_save(at, connection)
        instant, sequence, previous = _instant(at), head.sequence, head.digest
        for before, middle, after in self._texts:
            sequence += 1
            text = f"{previous}{before}{instant}{middle}{sequence}{after}"
            digest = hashlib.sha256(text.encode()).hexdigest()
            links.append((kept_at, sequence, previous, digest))
            previous = digest
        self._staged.add((fields_of(Entry, "at", "sequence", "previous", "digest"), links))
        head.sequence, head.digest = sequence, previous
        head.save()

    def drop(self) -> None:
        """Let go of what was made ready."""
        self._texts = []
        if self._staged:
            self._staged.drop()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
