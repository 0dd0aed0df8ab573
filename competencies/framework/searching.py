"""Finding words in editions and in the documents they are taken from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from competencies.core.folding import UNSPACED
from competencies.core.folding import words_of as folded_words_of
from competencies.core.matching import mentions
from competencies.sources.models import Passage, Source

from .models import Behaviour, Citation, Competency, Coverage, Edition, Expectation, Level, Skill, Track

if TYPE_CHECKING:
    from competencies.core.querysets import Guarded

    from .models.behaviour import Behaviours
    from .models.competency import Competencies
    from .models.expectation import Expectations


SHORTEST = 2  # characters
LONGEST = 200
MOST_WORDS = 8
PER_KIND = 20


Texts = Callable[[Any], Iterable[str]]


@dataclass(frozen=True)
class Found:
    """The rows of one kind that hold every word: at most `PER_KIND`, and whether there are more."""

    kind: str
    rows: list[Any]
    more: bool

    @classmethod
    def of(
        cls,
        kind: str,
        rows: Iterable[Any],
        words: Sequence[str],
        *,
        of_row: Texts,
        context: Texts = lambda row: (),
    ) -> Found:
        """Take those of `rows` in whose texts the words stand; `of_row` and `context` give those of a row."""
        found = []
        for row in rows:
            if mentions(words, filter(None, of_row(row)), filter(None, context(row))):
                found.append(row)
                if len(found) > PER_KIND:
                    break
        return cls(kind, found[:PER_KIND], len(found) > PER_KIND)


def words_of(text: str) -> list[str]:
    """Return the words of a query, at most eight, each once; none when it is too short to look for."""
    words = list(dict.fromkeys(folded_words_of(text[:LONGEST])))[:MOST_WORDS]
    return words if sum(map(len, words)) >= SHORTEST or any(map(UNSPACED.match, words)) else []


def search(editions: Sequence[Edition], words: Sequence[str]) -> list[Found]:
    """Return a `Found` for each kind of thing in `editions` that holds all of `words`, empty ones left out.

    A word may also stand in what a row belongs to, as long as one stands in its own. Two more queries than
    kinds at most, however much is found.
    """
    found = [
        Found.of(kind, rows(editions), words, of_row=own, context=context)
        for kind, (rows, own, context) in KINDS.items()
    ]
    return [group for group in found if group.rows]


def _levels(editions: Sequence[Edition]) -> Guarded[Level]:
    return Level.objects.filter(edition__in=editions)


def _tracks(editions: Sequence[Edition]) -> Guarded[Track]:
    return Track.objects.filter(edition__in=editions)


def _competencies(editions: Sequence[Edition]) -> Competencies:
    return Competency.objects.filter(edition__in=editions).select_related("area")


def _expectations(editions: Sequence[Edition]) -> Expectations:
    return Expectation.objects.filter(edition__in=editions).select_related("competency", "level")


def _behaviours(editions: Sequence[Edition]) -> Behaviours:
    return (
        Behaviour.objects.filter(edition__in=editions)
        .select_related("expectation__competency", "expectation__level", "track")
        .order_by("expectation__competency__position", "expectation__level__position", "position")
    )


def _skills(editions: Sequence[Edition]) -> Guarded[Skill]:
    rows = Skill.objects.filter(edition__in=editions).select_related("competency")
    return rows.prefetch_related("requirements__track")


def _sources(editions: Sequence[Edition]) -> Guarded[Source]:
    return Source.objects.filter(pk__in=sources_of(editions))


def _passages(editions: Sequence[Edition]) -> Guarded[Passage]:
    rows = Passage.objects.filter(source__in=sources_of(editions)).select_related("source")
    return rows.order_by("source__key", "number")


def _texts(*fields: str) -> Texts:
    """Return what gives the texts of a row in these fields."""
    reads = [attrgetter(field) for field in fields]
    return lambda row: [read(row) for read in reads]


def _of_skill(skill: Skill) -> list[str]:
    return [skill.title, skill.group, *(requirement.note for requirement in skill.requirements.all())]


def _of_passage(passage: Passage) -> list[str]:
    return [passage.gist, passage.text, passage.reference, *passage.terms]


def _around_behaviour(behaviour: Behaviour) -> list[str]:
    at, track = behaviour.expectation, behaviour.track
    return [at.competency.title, at.level.title, track.title if track else ""]


def sources_of(editions: Sequence[Edition]) -> QuerySet[Citation, Any]:
    """Return the ids (a queryset) of the documents that editions cite or that cover their roles."""
    cited = Citation.objects.filter(edition__in=editions).order_by().values("passage__source")
    covering = Coverage.objects.filter(edition__in=editions).order_by().values("source")
    return cited.union(covering)


KINDS = {
    "competency": (_competencies, _texts("title", "summary"), _texts("area.title")),
    "expectation": (_expectations, _texts("summary", "pitfall"), _texts("competency.title", "level.title")),
    "behaviour": (_behaviours, _texts("text"), _around_behaviour),
    "skill": (_skills, _of_skill, _texts("competency.title")),
    "level": (_levels, _texts("title", "scope", "summary"), _texts()),
    "track": (_tracks, _texts("title", "summary", "suits", "hiring"), _texts()),
    "passage": (_passages, _of_passage, _texts("source.title")),
    "source": (_sources, _texts("key", "title", "role"), _texts()),
}
