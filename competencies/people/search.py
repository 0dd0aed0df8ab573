"""Looking for people by words of theirs, best first, without reading everybody's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from .models import Person, Word
from .models.search_index import LAST, opening, sought

if TYPE_CHECKING:
    from .models.person_queryset import People


COMMON = 5_000  # from so many rows on, nobody asks how many more begin with a word
ENOUGH = 100  # so many are put in order, also where fewer are wanted

COUNT = "(SELECT COUNT(*) FROM (SELECT 1 FROM people_word WHERE text >= %s AND text < %s LIMIT %s) AS w)"


def search(people: People, text: str, *, most: int) -> tuple[list[int], bool]:
    """Return the ids of those of `people` of whom each word of `text` begins a word, at most `most`, and
    whether there are more.

    A word is of name, team, email or staff number. First come those of whom the text begins the name, and
    the words are whole; then those of whom one of both is true; among equals the name decides. Of very
    many, some of each kind are put in order. A text without a letter or digit finds nobody. Six queries at
    most, whatever there is.
    """
    words = sought(text)
    if not words:
        return [], False
    words, are_common = _rarest_first(words)
    by_people = are_common and people.order_by()[:COMMON].count() < COMMON
    begins, wholly = [_beginning(word) for word in words], [Q(text=word) for word in words]
    opens = _beginning(opening(text))  # cut as the rows are, so not enough by itself
    limit = max(most, ENOUGH)

    def ids(*conditions: Q) -> list[int]:
        return _ids(people, conditions, limit + 1, by_people=by_people)

    begun, whole, opened = ids(*begins), ids(*wholly), ids(opens, *begins)
    best = set(whole).intersection(opened)
    if min(len(whole), len(opened)) > limit:
        best.update(ids(*wholly, opens))
    rank = dict.fromkeys(begun, 2) | dict.fromkeys([*whole, *opened], 1) | dict.fromkeys(best, 0)
    by_name = Person.objects.filter(pk__in=rank).order_by("name", "pk").values_list("pk", flat=True)
    return sorted(by_name, key=rank.__getitem__)[:most], len(begun) > most


def called(names: Sequence[str]) -> People:
    """Return the people called one of `names` in any case and with any accents, and some called alike."""
    rows = Word.objects.filter(text__in={opening(name) for name in names})
    return Person.objects.filter(pk__in=rows.values("person"))


def _beginning(word: str) -> Q:
    return Q(text__gte=word, text__lt=word + LAST)


def _rarest_first(words: Sequence[str]) -> tuple[list[str], bool]:
    """Sort words by how many rows begin with them; say whether even the first begins very many. One query."""
    values = [value for word in words for value in (word, word + LAST, COMMON)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([COUNT] * len(words))}", values)
        counts = dict(zip(words, cursor.fetchone(), strict=True))
    return sorted(words, key=counts.__getitem__), min(counts.values()) == COMMON


def _ids(people: People, conditions: tuple[Q, ...], most: int, *, by_people: bool) -> list[int]:
    """Return at most `most` ids of `people` of whom rows meet all conditions.

    Starts from the rows of the first condition, or from the people where these are fewer.
    """
    if by_people:
        found = [Exists(Word.objects.filter(condition, person=OuterRef("pk"))) for condition in conditions]
        return list(people.filter(*found).order_by().values_list("pk", flat=True)[:most])
    first, *others = conditions
    found = [Exists(Word.objects.filter(condition, person=OuterRef("person"))) for condition in others]
    here = Exists(people.order_by().filter(pk=OuterRef("person")))
    rows = Word.objects.filter(first, here, *found)
    return list(rows.order_by().values_list("person", flat=True).distinct()[:most])
