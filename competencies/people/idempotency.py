"""Keys under which a form or a request of a program is done once, however often it comes."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.crypto import salted_hmac

from competencies.core.clock import now
from competencies.trail.models import canonical


class Repeated(Exception):
    """What was sent has been done already, by an earlier request under the same key."""


class Reused(Exception):
    """A program sent something else under a key that it had used."""


class Keys(models.QuerySet):
    """Keys that were used, by age."""

    def active(self):
        """Keep those that are still told apart: a key ends after a day."""
        return self.filter(at__gt=now() - IdempotencyKey.LIVES)

    def ended(self):
        return self.filter(at__lte=now() - IdempotencyKey.LIVES)


class IdempotencyKey(models.Model):
    """The fact that a person sent something under a key, and how they were answered the first time.

    `mark` stands for the address and the key, `content` for what was sent; both are keyed digests, so that
    nobody who reads the table can confirm a guess. Of a page the place that it led on to is kept, of the API
    the body, less what is secret. A key of a program (`strict`) is good for one content alone.
    """

    LIVES = timedelta(days=1)

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    strict = models.BooleanField(default=False)
    at = models.DateTimeField(default=now, db_index=True, editable=False)
    status = models.PositiveSmallIntegerField(null=True)
    location = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)

    objects = Keys.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "mark", "content"], name="people_key_used_once"),
            models.UniqueConstraint(
                fields=["person", "mark"], condition=models.Q(strict=True), name="people_key_of_one_content"
            ),
        ]

    def __str__(self):
        return self.mark[:12]

    @classmethod
    def forget(cls):
        """Forget every key: an erasure leaves no answer that may name somebody."""
        cls.objects.all().delete()

    @classmethod
    def sweep(cls):
        """Remove the keys that have ended; return how many."""
        ended = cls.objects.ended()
        return ended.delete()[0] if ended.exists() else 0


@dataclass
class Sending:
    """One request under a key: `address` it went to, `content` (JSON types) that it carried."""

    person: object
    address: str
    key: str
    content: object
    strict: bool = False
    taken: int | None = field(default=None, init=False)

    def __post_init__(self):
        self._mark = _digest([self.address, self.key])
        self._content = _digest(self.content)

    def earlier(self):
        """Return the `IdempotencyKey` of an earlier request like this one, or None.

        Raises `Reused` where a program used the key for something else.
        """
        found = list(self._used().active()[:2])
        same = next((row for row in found if row.content == self._content), None)
        if self.strict and found and same is None:
            raise Reused
        return same

    def take(self):
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

    def answer(self, status, *, location="", body=""):
        """Keep how this request was answered, for those that repeat it."""
        longest = IdempotencyKey._meta.get_field("location").max_length
        location = location if len(location) <= longest else ""
        IdempotencyKey.objects.filter(pk=self.taken).update(status=status, location=location, body=body)

    def _used(self):
        rows = IdempotencyKey.objects.filter(person=self.person, mark=self._mark)
        return rows if self.strict else rows.filter(content=self._content)


def _digest(value):
    return salted_hmac("ladder.idempotency", canonical(value), algorithm="sha256").hexdigest()
