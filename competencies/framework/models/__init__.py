"""The models of frameworks."""

from __future__ import annotations

from .behaviour import Behaviour
from .citation import Citation
from .competency import Area, Competency
from .edition import Edition, Framework, Retirement
from .expectation import Expectation
from .inclusion import Inclusion
from .level import Level
from .part import Part, Publication
from .scale import RatingScale, ScalePoint
from .skill import Requirement, Skill
from .track import Coverage, Track

__all__ = [
    "Area",
    "Behaviour",
    "Citation",
    "Competency",
    "Coverage",
    "Edition",
    "Expectation",
    "Framework",
    "Inclusion",
    "Level",
    "Part",
    "Publication",
    "RatingScale",
    "Requirement",
    "Retirement",
    "ScalePoint",
    "Skill",
    "Track",
]
