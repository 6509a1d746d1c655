"""References of proposals: short, readable on the telephone, unable to spell a word.

Eight characters: 22 letters (no I, O, Q, Z) and the digits 2 to 9, every third one a digit, so that
no word can appear. Stored without a hyphen, shown with one: HK4T-W7RB.
"""

import re
import secrets

LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"
DIGITS = "23456789"
LENGTH = 8

_SHAPE = re.compile(rf"(?:[{LETTERS}{DIGITS}]{{2}}[{DIGITS}]){{2}}[{LETTERS}{DIGITS}]{{2}}")


def new() -> str:
    """A random reference; the database's unique key says whether it was free."""
    return "".join(
        secrets.choice(DIGITS if place % 3 == 0 else LETTERS + DIGITS)
        for place in range(1, LENGTH + 1)
    )


def display(reference: str) -> str:
    """As people see it: HK4T-W7RB."""
    return f"{reference[:4]}-{reference[4:]}"


def parse(text: str) -> str | None:
    """What somebody typed, in any case, with spaces and hyphens; None if it can be no reference."""
    if len(text) > 40:
        return None
    plain = re.sub(r"[\s\-‐-–]", "", text).upper()
    return plain if _SHAPE.fullmatch(plain) else None
