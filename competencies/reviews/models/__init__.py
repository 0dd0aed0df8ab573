"""The models of reviews."""

from __future__ import annotations

from .cycle import Closing, Cycle, Opening, Spanning, Tally
from .rating import Rating, Support
from .reveal import Discussion, Reveal, Signoff
from .review import Assessment, Review, TooLong, Unrated
from .submission import Reopening, Submission

__all__ = [
    "Assessment",
    "Closing",
    "Cycle",
    "Discussion",
    "Opening",
    "Rating",
    "Reopening",
    "Reveal",
    "Review",
    "Signoff",
    "Spanning",
    "Submission",
    "Support",
    "Tally",
    "TooLong",
    "Unrated",
]
