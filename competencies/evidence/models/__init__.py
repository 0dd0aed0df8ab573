"""The models of evidence."""

from .evidence import Evidence, Withdrawal
from .tag import Tag

__all__ = ["Evidence", "Tag", "Withdrawal"]
