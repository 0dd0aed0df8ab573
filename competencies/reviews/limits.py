"""How much a comment may hold, in characters."""

COMMENT_LIMIT = 20_000
