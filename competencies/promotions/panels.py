"""Panels: who would answer a case if a committee were called to it today."""

from dataclasses import dataclass

from .policy import Policy
from .recusing import GROUNDS, grounds_among


@dataclass(frozen=True)
class Place:
    """A seat as it would be filled: `ground` says why its holder would be recused, None where they sit."""

    person: object
    chair: bool
    ground: str | None

    @property
    def because(self):
        return self.ground and GROUNDS[self.ground]


@dataclass(frozen=True)
class Panel:
    """The places of a committee for one case, and whether a hearing could be convened with them."""

    places: list
    quorum: int

    @property
    def sitting(self):
        return [place for place in self.places if not place.ground]

    @property
    def recused(self):
        return [place for place in self.places if place.ground]

    @property
    def has_quorum(self):
        return len(self.sitting) >= self.quorum

    @property
    def has_chair(self):
        return any(place.chair for place in self.sitting)

    @property
    def may_answer(self):
        return self.has_quorum and self.has_chair


def panel_for(case, committee):
    """Return the `Panel` that `committee` would be for `case`, by the rules and lines of today."""
    seats = list(committee.seats.current())
    first = case.hearings.of_first().first()
    grounds = grounds_among(case, [seat.person for seat in seats], first_hearing=first)
    places = [Place(seat.person, seat.chair, grounds.get(seat.person_id)) for seat in seats]
    return Panel(places, Policy.here().quorum)
