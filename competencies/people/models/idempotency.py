"""The keys under which somebody sent something, and how they were answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models

from competencies.core.clock import now


class Keys(models.QuerySet["IdempotencyKey"]):
    """Keys that were used, by age."""

    def active(self) -> Self:
        """Keep those that are still told apart: a key ends after a day."""
        return self.filter(at__gt=now() - IdempotencyKey.LIVES)

    def ended(self) -> Self:
        return self.filter(at__lte=now() - IdempotencyKey.LIVES)


class IdempotencyKey(models.Model):
    """The fact that a person sent something under a key, and how they were answered the first time.

    `mark` stands for the address and the key, `content` for what was sent; both are keyed digests, so that
    nobody who reads the table can confirm a guess. Of a page the place that it led on to is kept, of the API
    the body, less what is secret. A key of a program (`strict`) is good for one content alone.
    """

    LIVES = timedelta(days=1)
    LONGEST_LOCATION = 500

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    strict = models.BooleanField(default=False)
    at = models.DateTimeField(default=now, db_index=True, editable=False)
    status = models.PositiveSmallIntegerField(null=True)
    location = models.CharField(max_length=LONGEST_LOCATION, blank=True)
    body = models.TextField(blank=True)

    objects = Keys.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "mark", "content"], name="people_key_used_once"),
            models.UniqueConstraint(
                fields=["person", "mark"], condition=models.Q(strict=True), name="people_key_of_one_content"
            ),
        ]

    def __str__(self) -> str:
        return self.mark[:12]

    @classmethod
    def forget(cls) -> None:
        """Forget every key: an erasure leaves no answer that may name somebody."""
        cls.objects.all().delete()

    @classmethod
    def sweep(cls) -> int:
        """Remove the keys that have ended; return how many."""
        ended = cls.objects.ended()
        return ended.delete()[0] if ended.exists() else 0
