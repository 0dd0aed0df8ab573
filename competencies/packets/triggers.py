"""A frozen packet and its document are closed."""

from competencies.trail.triggers import Refuse

TRIGGERS = [
    Refuse("packet", reason="A frozen packet never changes."),
    Refuse("typesetting", reason="The document of a packet never changes."),
]
