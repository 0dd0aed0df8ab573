"""Many entries at once, made ready before the trail is held: while it is, nobody else can add to it."""

import hashlib
from datetime import UTC, datetime

from django.db import connection, transaction

from competencies.access.clock import now
from competencies.access.inserting import insert_values

from .models import Entry, Head, canonical, text_of

SOME_DAY, SOME_NUMBER = datetime.max.replace(tzinfo=UTC), 10**18  # in the place of what is not known yet


class Batch:
    """Entries by one person. Joining one to the chain takes a hash and a row, a tenth of making it."""

    def __init__(self, *, by):
        self.by, self._ready = by, []

    def __len__(self):
        return len(self._ready)

    def add(self, action, model, pk, *, about, **data):
        """Make an entry ready: `action` was done to the row `pk` of `model`, `about` a person (an id)."""
        said = (self.by and self.by.pk, action, model._meta.label_lower, str(pk), about, canonical(data))
        text = text_of(SOME_NUMBER, SOME_DAY, *said)
        before, _day, rest = text.partition(SOME_DAY.isoformat(timespec="microseconds"))
        middle, _number, after = rest.rpartition(str(SOME_NUMBER))
        self._ready.append((said, before, middle, after))

    @transaction.atomic(savepoint=False)
    def join(self):
        """Add the entries to the trail, in order, inside the transaction of what they record."""
        if not self._ready:
            return
        head, _created = Head.objects.select_for_update().get_or_create(pk=1)
        at = now()
        fields = [Entry._meta.get_field(name.removesuffix("_id")) for name in ("digest", *Entry.SEALED)]
        kept_at = Entry._meta.get_field("at").get_db_prep_save(at, connection)
        instant, sequence, previous, values = (
            at.astimezone(UTC).isoformat(timespec="microseconds"),
            head.sequence,
            head.digest,
            [],
        )
        for said, before, middle, after in self._ready:
            sequence += 1
            text = f"{previous}{before}{instant}{middle}{sequence}{after}"
            digest = hashlib.sha256(text.encode()).hexdigest()
            values.append((digest, previous, sequence, kept_at, *said))
            previous = digest
        insert_values(Entry, fields, values)
        head.sequence, head.digest = sequence, previous
        head.save()
