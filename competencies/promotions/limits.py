"""How much a case may hold: characters of a text, and claims."""

from __future__ import annotations

TEXT_LIMIT = 20_000
MOST_CLAIMS = 3
