"""The trail: what was done, by whom, to what, when. Entries are only ever added."""

import hashlib
import json
from datetime import UTC

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from competencies.access.clock import now
from competencies.access.inserting import insert
from competencies.access.once import take_key
from competencies.access.refusal import Refusal

from .querysets import Entries

GENESIS = "0" * 64


class Closed(Refusal):
    """Somebody tried to change a row that never changes."""

    code = "closed"


class Head(models.Model):
    """The place where the chain is joined. One row; locking it makes writers queue."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)

    def __str__(self):
        return f"{self.sequence}:{self.digest}"

    @classmethod
    def here(cls):
        """Return the head as it stands; that of an empty trail where there is none."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Entry(models.Model):
    """One thing that was done. Holds ids, never names or texts, so that a person can be erased."""

    sequence = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("action"), max_length=64, db_index=True)
    row_model = models.CharField(_("kind of record"), max_length=64)
    row_pk = models.CharField(_("record"), max_length=40)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("about")
    )
    data = models.TextField(_("details"))
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)

    objects = Entries.as_manager()

    SEALED = ("previous", "sequence", "at", "actor_id", "action", "row_model", "row_pk", "about_id", "data")

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

    def __str__(self):
        return f"#{self.sequence} {self.action}"

    @property
    def details(self):
        return json.loads(self.data)

    def computed_digest(self):
        """Return the SHA-256 (hex) of the previous digest and this entry's canonical JSON."""
        return digest_of(*(getattr(self, name) for name in self.SEALED))

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Closed(_("A trail entry never changes."))
        super().save(*args, force_insert=True, **kwargs)

    def delete(self, *args, **kwargs):
        raise Closed(_("A trail entry is never removed."))


def digest_of(previous, sequence, at, actor, action, model, pk, about, data):
    """Return the SHA-256 (hex) over the digest of the entry before and the canonical JSON of this one."""
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
    return hashlib.sha256((previous + canonical(body)).encode()).hexdigest()


def canonical(value):
    """Return `value` (JSON types) as the one text it is hashed as: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def record(action, row, *, by, about=None, **data):
    """Add an entry to the trail, inside the transaction of what it records.

    `action` is `"noun.happened"`, `row` a saved model instance, `by` the person acting (None only
    for a command on the server), `about` the person whose record it is, and `data` JSON values
    that name no one and quote nothing. Returns the `Entry`.
    """
    return record_each(action, [(row, about, data)], by=by)[0]


@transaction.atomic(savepoint=False)
def record_each(action, rows, *, by):
    """Add one entry per `(row, about, data)`, in order, joined to the chain under one lock."""
    take_key()  # before the head is held: a request that came twice waits here, and nobody for it
    head, _created = Head.objects.select_for_update().get_or_create(pk=1)
    entries, at = [], now()
    for row, about, data in rows:
        entry = Entry(
            sequence=head.sequence + 1,
            at=at,
            actor=by,
            action=action,
            row_model=row._meta.label_lower,
            row_pk=str(row.pk),
            about=about,
            data=canonical(data),
            previous=head.digest,
        )
        entry.digest = entry.computed_digest()
        head.sequence, head.digest = entry.sequence, entry.digest
        entries.append(entry)
    insert(Entry, entries)
    head.save()
    return entries
