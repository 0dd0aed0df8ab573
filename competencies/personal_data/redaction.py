"""The words by which somebody is known, found in texts and taken out of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from competencies.people.models import FormerName, Person

SHORTEST_PIECE = 3
SHORTEST_NUMBER = 5  # "12" is somebody's staff number and everybody's twelve


@dataclass(frozen=True)
class Mentions:
    """Finds a person's emails, whole names and staff numbers, also former ones, as words of their own.

    In whatever case they are written, except a name of one word: "Grace" is a person, "grace" is not.
    A staff number of less than five characters is left alone, as it is a number of anything.
    `instead` is what stands there afterwards.
    """

    names: tuple[str, ...]
    emails: tuple[str, ...]
    numbers: tuple[str, ...]
    instead: str

    @classmethod
    def of(cls, person: Person, *, instead: str) -> Mentions:
        """Return how `person` is known in texts, and was."""
        known = {kind: {getattr(person, kind)} for kind in FormerName.Kind.values}
        for kind, text in person.former_names.still_theirs().values_list("kind", "text"):
            known[kind].add(text)
        known_by = {kind: tuple(sorted(filter(None, texts))) for kind, texts in known.items()}
        return cls(known_by["name"], known_by["email"], known_by["number"], instead)

    def candidates(self, field: str) -> Q:
        """Return the `Q` that keeps every row with a mention in a text `field`, and some without one.

        Looks for the longest piece of each word that is plain ASCII, as SQLite compares nothing else
        without regard to case; a name without such a piece is looked for as a regular expression.
        """
        found = Q()
        for email in self.emails:
            found |= Q(**{f"{field}__icontains": email})
        for word in [*self.names, *self._telling_numbers]:
            piece = max(re.findall(r"[A-Za-z0-9]+", word), key=len, default="")
            if len(piece) >= SHORTEST_PIECE:
                found |= Q(**{f"{field}__icontains": piece})
            else:
                found |= Q(**{f"{field}__iregex": re.escape(max(word.split(), key=len))})
        return found

    @property
    def _telling_numbers(self) -> list[str]:
        return [number for number in self.numbers if len(number) >= SHORTEST_NUMBER]

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        split = [name.split() for name in self.names]
        spoken = [r"\s+".join(re.escape(word) for word in words) for words in split if len(words) > 1]
        exact = [re.escape(words[0]) for words in split if len(words) == 1]
        whole = [*spoken, *map(re.escape, self._telling_numbers)]
        emails = [rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)" for email in self.emails]
        found = [re.compile("|".join([*emails, *(rf"(?<!\w){word}(?!\w)" for word in whole)]), re.IGNORECASE)]
        return [*found, *(re.compile(rf"(?<!\w){word}(?!\w)") for word in exact)]

    def out_of(self, text: str) -> str:
        """Return `text` without the mentions."""
        for pattern in self._patterns:
            text = pattern.sub(lambda _found: self.instead, text)
        return text

    def out_of_all(self, value: Any) -> Any:
        """Return plain JSON values without the mentions."""
        if isinstance(value, str):
            return self.out_of(value)
        if isinstance(value, list):
            return [self.out_of_all(part) for part in value]
        if isinstance(value, dict):
            return {key: self.out_of_all(part) for key, part in value.items()}
        return value

    def are_in(self, value: object) -> bool:
        """Return True if plain JSON values hold a mention."""
        return bool(self.out_of_all(value) != value)
