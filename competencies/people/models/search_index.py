"""The search index of people: the words by which they are looked for, found by how they begin.

A row for each word of name, team, email and staff number, without case and accents, is written in the
transaction that writes the person. Of an unspaced script every end of a word is a row, so that a given
name is found after a family name. The whole name is one more row, after a space that no word holds: by
it those are found whose name begins as typed.

A row for every end of every word would find any part of one, and was measured: 37 rows a person instead
of 10, and some 10 s more for an import of 20,000 people, 15 on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from competencies.core.bulk import fields_of, insert_values
from competencies.core.folding import UNSPACED, words_of

if TYPE_CHECKING:
    from .person_queryset import People


FIELDS = ("name", "team", "email", "number")
LONGEST = 40  # characters of a word that are told apart
AT_ONCE = 1_000
LAST = "\U0010ffff"  # no character, and after all of them


class ByteOrdered(models.CharField[str, str]):
    """A text that the database orders by its bytes, so that what begins alike stands together."""

    ORDERS = {"postgresql": "C", "sqlite": "BINARY"}

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        return super().db_parameters(connection) | {"collation": self.ORDERS[connection.vendor]}


class Word(models.Model):
    """The fact that somebody is found by what begins with `text`. Derived from the person."""

    pk = models.CompositePrimaryKey("person", "text")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="words", db_index=False)
    text = ByteOrdered(max_length=LONGEST)

    class Meta:
        indexes = [models.Index(fields=["text", "person"], name="people_word_by_text")]


def sought(text: str) -> list[str]:
    """Return the words that somebody typed, each once, without those that only begin another."""
    words = sorted({word[:LONGEST] for word in words_of(text)})
    return [word for word, after in zip(words, [*words[1:], ""], strict=False) if not after.startswith(word)]


def opening(text: str) -> str:
    """Return the row of a name that is, or begins with, `text`."""
    return f" {' '.join(words_of(text))}"[:LONGEST]


def rows_for(name: str, team: str, email: str, number: str | None) -> set[str]:
    """Return the texts under which somebody is found."""
    words = {opening(name), *words_of(email)}
    for token in chain(name.split(), team.split(), (number or "").split()):
        parts = words_of(token)
        words.update(parts, ["".join(parts)])  # O'Brien is typed as obrien, too
    for word in words_of(number or ""):
        words.add(word.lstrip("0"))
    for word in [word for word in words if not word.isascii()]:
        words.update(word[at.start() :] for at in UNSPACED.finditer(word))
    return {word[:LONGEST] for word in words} - {"", " "}


def reindex(people: Iterable[int]) -> None:
    """Write anew the words of `people` (ids). Call it in the transaction that wrote what is said of them."""
    ids = sorted(set(people))
    for first in range(0, len(ids), AT_ONCE):
        _write(get_user_model().objects.filter(pk__in=ids[first : first + AT_ONCE]))


def reindex_everyone() -> None:
    """Write all words anew. Some 15 s for 100,000 people."""
    _write(get_user_model().objects.all())


def _write(people: People) -> None:
    Word.objects.filter(person__in=people.order_by().values("pk")).delete()
    fields = fields_of(Word, "person", "text")
    rows: list[tuple[int, str]] = []
    for pk, *texts in people.order_by("pk").values_list("pk", *FIELDS).iterator():
        rows += [(pk, word) for word in sorted(rows_for(*texts))]
        if len(rows) > 50 * AT_ONCE:
            insert_values(Word, fields, rows)
            rows = []
    insert_values(Word, fields, rows)
