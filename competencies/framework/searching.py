"""Finding words in editions and in the documents they are taken from."""

import re
from dataclasses import dataclass

from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Concat

from competencies.sources.models import Passage, Source

from .models import Behaviour, Citation, Competency, Coverage, Expectation, Level, Requirement, Skill, Track

SHORTEST = 2  # characters
LONGEST = 200
MOST_WORDS = 8
PER_KIND = 20


@dataclass(frozen=True)
class Found:
    """The rows of one kind that hold every word: at most `PER_KIND`, and whether there are more."""

    kind: str
    rows: list
    more: bool

    @classmethod
    def of(cls, kind, queryset):
        rows = list(queryset[: PER_KIND + 1])
        return cls(kind, rows[:PER_KIND], len(rows) > PER_KIND)


def words_of(text):
    """Return the words of a query, at most eight, each once; none when it is too short to look for."""
    printable = re.sub(r"[^\S ]|[\x00-\x1f\x7f]", " ", text[:LONGEST])
    words = list(dict.fromkeys(printable.casefold().split()))[:MOST_WORDS]
    return words if sum(map(len, words)) >= SHORTEST else []


def mentioning(words, *fields, context=()):
    """Return the `Q` of rows in which every word stands in one of `fields`, whatever its case.

    Words may also stand in the `context` fields (the titles of what the row belongs to), as long as
    one stands in the row's own.
    """
    every, own = Q(), Q()
    for word in words:
        every &= _anywhere(word, (*fields, *context))
        own |= _anywhere(word, fields)
    return every & own


def search(editions, words):
    """Return a `Found` for each kind of thing in `editions` that holds all of `words`, empty ones left out.

    Two more queries than kinds at most, however much is found.
    """
    found = [Found.of(kind, rows(editions, words)) for kind, rows in KINDS.items()]
    return [group for group in found if group.rows]


def _anywhere(word, fields):
    condition = Q()
    for field in fields:
        for form in _forms(word):
            condition |= Q(**{f"{field}__icontains": form})
    return condition


def _forms(word):
    """Return the spellings to look for: SQLite ignores the case of ASCII letters only."""
    return {word} if word.isascii() else {word, word.upper(), word.capitalize()}


def _levels(editions, words):
    return Level.objects.filter(mentioning(words, "title", "scope", "summary"), edition__in=editions)


def _tracks(editions, words):
    return Track.objects.filter(
        mentioning(words, "title", "summary", "suits", "hiring"), edition__in=editions
    )


def _competencies(editions, words):
    own = mentioning(words, "title", "summary", context=["area__title"])
    return Competency.objects.filter(own, edition__in=editions).select_related("area")


def _expectations(editions, words):
    own = mentioning(words, "summary", "pitfall", context=["competency__title", "level__title"])
    return Expectation.objects.filter(own, edition__in=editions).select_related("competency", "level")


def _behaviours(editions, words):
    context = ["expectation__competency__title", "expectation__level__title", "track__title"]
    return (
        Behaviour.objects.filter(mentioning(words, "text", context=context), edition__in=editions)
        .select_related("expectation__competency", "expectation__level", "track")
        .order_by("expectation__competency__position", "expectation__level__position", "position")
    )


def _skills(editions, words):
    noted = Requirement.objects.filter(mentioning(words, "note"), edition__in=editions).values("skill")
    own = mentioning(words, "title", "group", context=["competency__title"]) | Q(pk__in=noted)
    rows = Skill.objects.filter(own, edition__in=editions).select_related("competency")
    return rows.prefetch_related("requirements__track")


def _sources(editions, words):
    return Source.objects.filter(mentioning(words, "key", "title", "role"), pk__in=sources_of(editions))


def _passages(editions, words):
    return (
        Passage.objects.alias(
            term_text=Cast("terms", TextField()),
            cited_as=Concat(
                "source__key", Value(" s"), Cast("number", TextField()), output_field=TextField()
            ),
        )
        .filter(
            mentioning(words, "gist", "term_text", "text", "cited_as", context=["source__title"]),
            source__in=sources_of(editions),
        )
        .select_related("source")
        .order_by("source__key", "number")
    )


def sources_of(editions):
    """Return the ids (a queryset) of the documents that editions cite or that cover their roles."""
    cited = Citation.objects.filter(edition__in=editions).order_by().values("passage__source")
    covering = Coverage.objects.filter(edition__in=editions).order_by().values("source")
    return cited.union(covering)


KINDS = {
    "competency": _competencies,
    "expectation": _expectations,
    "behaviour": _behaviours,
    "skill": _skills,
    "level": _levels,
    "track": _tracks,
    "passage": _passages,
    "source": _sources,
}
