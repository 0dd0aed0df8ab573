"""How much a case may hold: characters of a text, and claims."""

TEXT_LIMIT = 20_000
MOST_CLAIMS = 3
