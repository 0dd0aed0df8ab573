"""The trail: what was done, by whom, to what, when. Entries are only ever added."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.idempotency import take_key
from competencies.core.prepared import prepared
from competencies.core.refusals import Refusal

from .kinds import kind_of
from .querysets import Entries
from .visibility import details_for_others

if TYPE_CHECKING:
    from competencies.people.models import Person


Happening = tuple[models.Model, "Person | None", Mapping[str, object]]  # a row, whom it is about, the details

GENESIS = "0" * 64
SALT_BYTES = 16
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Closed(Refusal):
    """Somebody tried to change a row that never changes."""

    code = "closed"


class Head(models.Model):
    """The place where the chain is joined. One row; locking it makes writers queue."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest}"

    @classmethod
    def here(cls) -> Head:
        """Return the head as it stands; that of an empty trail where there is none."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @classmethod
    def locked(cls) -> Head:
        """Return the head, made where there is none. The next to ask waits until this transaction ends."""
        found = _head_locked()
        return found[0] if found else cls.objects.select_for_update().get_or_create(pk=1)[0]


@prepared
def _head_locked() -> models.QuerySet[Head]:
    return Head.objects.select_for_update().filter(pk=1)


class Entry(models.Model):
    """One thing that was done. Holds ids, never names or texts, so that a person can be erased.

    `salt` is 128 bits by chance inside what is hashed, so that no digest confirms a guess at an entry;
    entries from before there was one have none. `public_id` is what others than the auditor are shown
    instead of the number.
    """

    sequence = models.PositiveBigIntegerField(_("number"), primary_key=True)
    public_id = models.UUIDField(_("identifier"), unique=True, default=uuid4, editable=False)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("action"), max_length=64)
    row_model = models.CharField(_("kind of record"), max_length=64)
    row_pk = models.CharField(_("record"), max_length=40)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("about")
    )
    data = models.TextField(_("details"))
    salt = models.CharField(max_length=2 * SALT_BYTES, blank=True, default="", editable=False)
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)

    objects = Entries.as_manager()

    SEALED = (
        "previous", "sequence", "at", "actor_id", "action", "row_model", "row_pk", "about_id", "data", "salt",
        "public_id",
    )  # fmt: skip

    class Meta:
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["row_model", "row_pk"], name="trail_entry_row"),
            models.Index(fields=["at", "sequence"], name="trail_entry_time"),
            models.Index(fields=["actor", "at", "sequence"], name="trail_entry_actor"),
            models.Index(fields=["about", "at", "sequence"], name="trail_entry_about"),
            models.Index(fields=["action", "at", "sequence"], name="trail_entry_action"),
        ]
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail entries")

    def __str__(self) -> str:
        return f"#{self.sequence} {self.action}"

    @property
    def details(self) -> dict[str, Any]:
        details: dict[str, Any] = json.loads(self.data)
        return details

    def details_for(self, *, whole: bool) -> dict[str, Any]:
        """Return the details as the auditor reads them (`whole`), or as everybody else does."""
        return self.details if whole else details_for_others(self.action, self.details)

    def computed_digest(self) -> str:
        """Return the SHA-256 (hex) of the previous digest and this entry's canonical JSON."""
        return digest_of(*(getattr(self, name) for name in self.SEALED))

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Closed(_("An audit log entry never changes."))
        super().save(*args, force_insert=True, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Closed(_("An audit log entry is never removed."))


def digest_of(previous: str, *sealed: Any) -> str:
    """Return the SHA-256 (hex) over the digest of the entry before and the canonical JSON of this one."""
    return hashlib.sha256((previous + text_of(*sealed)).encode()).hexdigest()


def text_of(
    sequence: int,
    at: datetime,
    actor: int | None,
    action: str,
    model: str,
    pk: str,
    about: int | None,
    data: str,
    salt: str = "",
    public_id: UUID | None = None,
) -> str:
    """Return the canonical JSON of an entry.

    An entry without a `salt` is from before there was one: it has the shape of its time.
    """
    body = {
        "sequence": sequence,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "action": action,
        "model": model,
        "pk": pk,
        "about": about,
        "data": data,
    }
    if salt:
        body |= {"salt": salt, "id": str(public_id)}
    return canonical(body)


def canonical(value: object) -> str:
    """Return `value` (JSON types) as the one text it is hashed as: sorted keys, no spaces, UTF-8."""
    return CANONICAL.encode(value)


@dataclass(frozen=True)
class Seal:
    """The content of a row, of which an entry keeps a digest that nobody can confirm a guess with."""

    text: str

    @classmethod
    def of(cls, row: models.Model, *fields: str) -> Seal:
        """Return the seal of those `fields` of a row, as `Entry` keeps it under `digest`."""
        return cls(canonical({name: _plain(getattr(row, name)) for name in fields}))

    def digest(self, salt: str) -> str:
        """Return the SHA-256 (hex) over the bits of the entry and the content."""
        return hashlib.sha256(f"{salt}{self.text}".encode()).hexdigest()


def _plain(value: object) -> int | str | None:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def record(
    action: str, row: models.Model, *, by: Person | None, about: Person | None = None, **data: object
) -> Entry:
    """Add an entry to the trail, inside the transaction of what it records.

    `action` is `"noun.happened"`, `row` a saved model instance, `by` the person acting (None only
    for a command on the server), `about` the person whose record it is, and `data` JSON values
    that name no one and quote nothing, or a `Seal`, of which the digest is kept. Returns the `Entry`.
    """
    return record_each(action, [(row, about, data)], by=by)[0]


@transaction.atomic(savepoint=False)
def record_each(action: str, rows: Iterable[Happening], *, by: Person | None) -> list[Entry]:
    """Add one entry per `(row, about, data)`, in order, joined to the chain under one lock."""
    take_key()  # before the head is held: a request that came twice waits here, and nobody for it
    head = Head.locked()
    entries, at = [], now()
    rows = list(rows)
    chance = BytesIO(secrets.token_bytes(2 * SALT_BYTES * len(rows)))  # of the system, which is asked once
    for row, about, data in rows:
        salt = chance.read(SALT_BYTES).hex()
        entry = Entry(
            sequence=head.sequence + 1,
            public_id=UUID(bytes=chance.read(SALT_BYTES), version=4),
            at=at,
            actor=by,
            action=action,
            row_model=kind_of(row),
            row_pk=str(row.pk),
            about=about,
            data=canonical(sealed(data, salt)),
            salt=salt,
            previous=head.digest,
        )
        entry.digest = entry.computed_digest()
        head.sequence, head.digest = entry.sequence, entry.digest
        entries.append(entry)
    Entry.objects.bulk_create(entries)
    head.save()
    return entries


def sealed(data: Mapping[str, object], salt: str) -> dict[str, object]:
    """Return the details of an entry with the digest of each `Seal` in its place."""
    return {name: value.digest(salt) if isinstance(value, Seal) else value for name, value in data.items()}
