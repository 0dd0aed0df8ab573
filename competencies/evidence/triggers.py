"""A withdrawal of evidence is closed."""

from __future__ import annotations

from competencies.trail.triggers import Refuse

TRIGGERS = [Refuse("withdrawal", reason="What was withdrawn stays withdrawn.")]
