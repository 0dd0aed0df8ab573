"""The words by which somebody is known, found in texts and taken out of them."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from competencies.packets.models import Packet
from competencies.promotions.models import Decision

SHORTEST_PIECE = 3
SHORTEST_NUMBER = 5  # "12" is somebody's staff number and everybody's twelve


@dataclass(frozen=True)
class Mentions:
    """Finds a person's email, whole names (also former ones) and staff number, as words of their own.

    In whatever case they are written, except a name of one word: "Grace" is a person, "grace" is not.
    A staff number of less than five characters is left alone, as it is a number of anything.
    `instead` is what stands there afterwards.
    """

    names: tuple
    email: str
    number: str
    instead: str

    @classmethod
    def of(cls, person, *, instead):
        """Return how `person` is known in texts; their former names are taken from packets."""
        names = {person.name, *_names_in_packets(person)}
        return cls(tuple(sorted(filter(None, names))), person.email, person.number or "", instead)

    def candidates(self, field):
        """Return the `Q` that keeps every row with a mention in a text `field`, and some without one.

        Looks for the longest piece of each word that is plain ASCII, as SQLite compares nothing else
        without regard to case; a name without such a piece is looked for as a regular expression.
        """
        found = Q(**{f"{field}__icontains": self.email})
        for word in [*self.names, *([self.number] if self._has_number else [])]:
            piece = max(re.findall(r"[A-Za-z0-9]+", word), key=len, default="")
            if len(piece) >= SHORTEST_PIECE:
                found |= Q(**{f"{field}__icontains": piece})
            else:
                found |= Q(**{f"{field}__iregex": re.escape(max(word.split(), key=len))})
        return found

    @property
    def _has_number(self):
        return len(self.number) >= SHORTEST_NUMBER

    @cached_property
    def _patterns(self):
        split = [name.split() for name in self.names]
        spoken = [r"\s+".join(re.escape(word) for word in words) for words in split if len(words) > 1]
        exact = [re.escape(words[0]) for words in split if len(words) == 1]
        whole = [*spoken, *([re.escape(self.number)] if self._has_number else [])]
        email = rf"(?<![\w.+-]){re.escape(self.email)}(?![\w-]|\.\w)"
        found = [re.compile("|".join([email, *(rf"(?<!\w){word}(?!\w)" for word in whole)]), re.IGNORECASE)]
        return [*found, *(re.compile(rf"(?<!\w){word}(?!\w)") for word in exact)]

    def out_of(self, text):
        """Return `text` without the mentions."""
        for pattern in self._patterns:
            text = pattern.sub(lambda _found: self.instead, text)
        return text

    def out_of_all(self, value):
        """Return plain JSON values without the mentions."""
        if isinstance(value, str):
            return self.out_of(value)
        if isinstance(value, list):
            return [self.out_of_all(part) for part in value]
        if isinstance(value, dict):
            return {key: self.out_of_all(part) for key, part in value.items()}
        return value

    def are_in(self, value):
        """Say whether plain JSON values hold a mention."""
        return self.out_of_all(value) != value


def _names_in_packets(person):
    """Yield every name under which frozen packets know `person`, whatever they were called since."""
    decided = Decision.objects.filter(by=person).values("hearing__case")
    theirs = Q(case__subject=person) | Q(case__sponsor=person) | Q(case__presenter=person)
    theirs |= Q(case__in=decided) | Q(by=person)
    packets = Packet.objects.filter(theirs).exclude(variant=Packet.Variant.MASKED)  # these hold no names
    for packet in packets.select_related("case").order_by("pk"):
        content, case = packet.content, packet.case
        decision = case.decision
        named = [
            (case.subject_id, content["candidate"]["name"]),
            (case.sponsor_id, content["case"]["sponsor"]),
            (case.presenter_id, content["case"].get("presenter", "")),
            (packet.by_id, content["packet"]["frozen_by"]),
            (decision and decision.by_id, (content["decision"] or {}).get("by", "")),
        ]
        yield from (name for pk, name in named if pk == person.pk)
