"""The models of evidence."""

from __future__ import annotations

from .evidence import Evidence, Withdrawal
from .tag import Tag

__all__ = ["Evidence", "Tag", "Withdrawal"]
