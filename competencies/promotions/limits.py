"""How much a text of a case may hold, in characters."""

TEXT_LIMIT = 20_000
