"""How much a comment may hold, in characters."""

from __future__ import annotations

COMMENT_LIMIT = 20_000
