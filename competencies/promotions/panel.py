"""Panels: who would answer a case if a committee were called to it today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .models import Committee, Policy, PromotionCase
from .recusal import GROUNDS, grounds_among, reading_names

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from competencies.people.models import Person


@dataclass(frozen=True)
class Place:
    """A seat as it would be filled: `ground` says why its holder would be recused, None where they sit.

    Who `reads_names` does not answer where they are hidden; whom HR `added` has no seat, and is called for
    this case alone.
    """

    person: Person
    chair: bool
    ground: str | None
    reads_names: bool
    added: bool = False

    @property
    def because(self) -> StrOrPromise | None:
        return GROUNDS[self.ground] if self.ground else None


@dataclass(frozen=True)
class Panel:
    """The places of a committee for one case, and whether a hearing could be convened with them."""

    places: list[Place]
    quorum: int

    @property
    def sitting(self) -> list[Place]:
        return [place for place in self.places if not place.ground]

    @property
    def sitting_unnamed(self) -> list[Place]:
        """Those who would answer where names are hidden."""
        return [place for place in self.sitting if not place.reads_names]

    @property
    def may_answer_unnamed(self) -> bool:
        unnamed = self.sitting_unnamed
        return len(unnamed) >= self.quorum and any(place.chair for place in unnamed)

    @property
    def recused(self) -> list[Place]:
        return [place for place in self.places if place.ground]

    @property
    def has_quorum(self) -> bool:
        return len(self.sitting) >= self.quorum

    @property
    def has_chair(self) -> bool:
        return any(place.chair for place in self.sitting)

    @property
    def may_answer(self) -> bool:
        return self.has_quorum and self.has_chair


def panel_for(case: PromotionCase, committee: Committee, also: Sequence[Person] = ()) -> Panel:
    """Return the `Panel` that `committee` would be for `case`, by the rules and lines of today.

    `also` are people who would be called for this case alone; who has a seat is not counted twice.
    """
    seats = list(committee.seats.current())
    seated = {seat.person_id for seat in seats}
    also = [person for person in also if person.pk not in seated]
    people = [*(seat.person for seat in seats), *also]
    stage = "appeal" if case.hearings.of_first().exists() else "first"
    grounds, knowing = grounds_among(case, people, stage=stage), reading_names(people)
    places = [
        Place(seat.person, seat.chair, grounds.get(seat.person_id), seat.person_id in knowing)
        for seat in seats
    ]
    places += [
        Place(person, False, grounds.get(person.pk), person.pk in knowing, added=True) for person in also
    ]
    return Panel(places, Policy.here().quorum)
