"""A frozen packet and its document are closed."""

from __future__ import annotations

from competencies.trail.triggers import Refuse

TRIGGERS = [
    Refuse("packet", reason="A packet never changes."),
    Refuse("document", reason="The document of a packet never changes."),
]
