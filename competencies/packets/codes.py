"""The codes by which a packet is asked after without an account, as they are made, read and printed."""

from __future__ import annotations

import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none is taken for another when it is read from paper
CODE_LENGTH = 16  # 80 bits


def new_code() -> str:
    """Return a code by chance, by which a packet is asked after without an account."""
    return "".join(secrets.choice(LETTERS) for _place in range(CODE_LENGTH))


def read_code(text: str) -> str:
    """Return the code that somebody typed, or an empty text when it cannot be one."""
    letters = "".join(letter for letter in text.upper() if letter not in " -\u2010\u2011")
    code = letters.translate(str.maketrans("OIL", "011"))
    return code if len(code) == CODE_LENGTH and set(code) <= set(LETTERS) else ""


def written_code(code: str) -> str:
    """Return a code as it is printed, in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
