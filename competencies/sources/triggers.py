"""Revisions of documents are closed from the start."""

from __future__ import annotations

from competencies.trail.triggers import Refuse

REASON = "A revision of a source never changes; a changed document is a new revision."

TRIGGERS = [Refuse("source", reason=REASON), Refuse("passage", reason=REASON)]
