"""The models of imports."""

from __future__ import annotations

from .application import Application, Memory, Undoing, Withdrawal
from .imports import Import
from .preview import Finding, Preview
from .run import Run
from .sheet import Sheet

__all__ = [
    "Application",
    "Finding",
    "Import",
    "Memory",
    "Preview",
    "Run",
    "Sheet",
    "Undoing",
    "Withdrawal",
]
