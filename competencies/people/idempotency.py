"""Keys under which a form or a request of a program is done once, however often it comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from competencies.trail.models import canonical

from .models import IdempotencyKey, Person

if TYPE_CHECKING:
    from .models.idempotency import Keys


class Repeated(Exception):
    """What was sent has been done already, by an earlier request under the same key."""


class Reused(Exception):
    """A program sent something else under a key that it had used."""


@dataclass
class Sending:
    """One request under a key: `address` it went to, `content` (JSON types) that it carried."""

    person: Person
    address: str
    key: str
    content: object
    strict: bool = False
    taken: int | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._mark = _digest([self.address, self.key])
        self._content = _digest(self.content)

    def earlier(self) -> IdempotencyKey | None:
        """Return the `IdempotencyKey` of an earlier request like this one, or None.

        Raises `Reused` where a program used the key for something else.
        """
        found = list(self._used().active()[:2])
        same = next((row for row in found if row.content == self._content), None)
        if self.strict and found and same is None:
            raise Reused
        return same

    def take(self) -> None:
        """Take the key, inside the transaction of what is done. Raises `Repeated` where it was taken before.

        Of two requests at once the database lets one take it: the other waits until that one has
        committed, and then undoes its own work by this exception.
        """
        if self.taken is not None and IdempotencyKey.objects.filter(pk=self.taken).exists():
            return
        self._used().ended().delete()
        try:
            with transaction.atomic():
                row = IdempotencyKey.objects.create(
                    person=self.person, mark=self._mark, content=self._content, strict=self.strict
                )
        except IntegrityError:
            raise Repeated from None
        self.taken = row.pk

    def answer(self, status: int, *, location: str = "", body: str = "") -> None:
        """Keep how this request was answered, for those that repeat it."""
        if self.taken is None:
            return
        location = location if len(location) <= IdempotencyKey.LONGEST_LOCATION else ""
        IdempotencyKey.objects.filter(pk=self.taken).update(status=status, location=location, body=body)

    def _used(self) -> Keys:
        rows = IdempotencyKey.objects.filter(person=self.person, mark=self._mark)
        return rows if self.strict else rows.filter(content=self._content)


def _digest(value: object) -> str:
    return salted_hmac("ladder.idempotency", canonical(value), algorithm="sha256").hexdigest()
