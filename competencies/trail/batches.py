"""Many entries at once, made ready before the trail is held: while it is, nobody else can add to it."""

import hashlib
from datetime import UTC, datetime
from secrets import token_hex
from uuid import uuid4

from django.db import connection, transaction

from competencies.core.bulk import Staged
from competencies.core.clock import now

from .kinds import kind_of
from .models import SALT_BYTES, Entry, Head, canonical, sealed, text_of

SOME_DAY, SOME_NUMBER = datetime.max.replace(tzinfo=UTC), 10**18  # in the place of what is not known yet
SAID = ("action", "row_model", "row_pk")
PUBLIC_ID = Entry._meta.get_field("public_id")


class Batch:
    """Entries by one person. Joining one to the chain takes a hash and a row, a tenth of making it."""

    def __init__(self, *, by):
        self.by, self._said, self._texts, self._staged = by, [], [], None

    def __len__(self):
        return len(self._texts)

    def add(self, action, model, pk, *, about, **data):
        """Make an entry ready: `action` was done to the row `pk` of `model`, `about` a person (an id)."""
        salt, public_id = token_hex(SALT_BYTES), uuid4()
        details = canonical(sealed(data, salt))
        said = (self.by and self.by.pk, action, kind_of(model), str(pk), about, details, salt)
        text = text_of(SOME_NUMBER, SOME_DAY, *said, public_id)
        before, _day, rest = text.partition(SOME_DAY.isoformat(timespec="microseconds"))
        middle, _number, after = rest.rpartition(str(SOME_NUMBER))
        self._said.append((*said, PUBLIC_ID.get_db_prep_save(public_id, connection)))
        self._texts.append((before, middle, after))

    def stage(self):
        """Lay the entries beside the database: nothing is added after."""
        self._staged, self._said = (
            Staged(Entry, _fields("actor", *SAID, "about", "data", "salt", "public_id"), self._said),
            [],
        )

    @transaction.atomic(savepoint=False)
    def join(self):
        """Add the entries to the trail, in order, inside the transaction of what they record."""
        if not self._texts:
            return
        head, _created = Head.objects.select_for_update().get_or_create(pk=1)
        at, links = now(), []
        kept_at = Entry._meta.get_field("at").get_db_prep_save(at, connection)
        instant, sequence, previous = _instant(at), head.sequence, head.digest
        for before, middle, after in self._texts:
            sequence += 1
            text = f"{previous}{before}{instant}{middle}{sequence}{after}"
            digest = hashlib.sha256(text.encode()).hexdigest()
            links.append((kept_at, sequence, previous, digest))
            previous = digest
        self._staged.add((_fields("at", "sequence", "previous", "digest"), links))
        head.sequence, head.digest = sequence, previous
        head.save()

    def drop(self):
        """Let go of what was made ready."""
        self._texts = []
        self._staged.drop()


def _fields(*names):
    return [Entry._meta.get_field(name) for name in names]


def _instant(at):
    return at.astimezone(UTC).isoformat(timespec="microseconds")
