"""References of proposals: short, and easy to read out on the telephone.

Eight characters from 22 letters (no I, O, Q, Z) and the digits 2 to 9. Every third one is a digit,
so that no word can appear. Stored without a hyphen, displayed with one: HK4T-W7RB.
"""

import re
import secrets

LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"
DIGITS = "23456789"
LENGTH = 8

_SHAPE = re.compile(rf"(?:[{LETTERS}{DIGITS}]{{2}}[{DIGITS}]){{2}}[{LETTERS}{DIGITS}]{{2}}")

_AROUND = ".,;:!?¿¡#()[]<>«»“”‘’\"'\u2066\u2067\u2068\u2069"


def new() -> str:
    """A random reference; the unique key in the database refuses one that is taken."""
    return "".join(
        secrets.choice(DIGITS if position % 3 == 0 else LETTERS + DIGITS)
        for position in range(1, LENGTH + 1)
    )


def display(reference: str) -> str:
    """The reference with its hyphen: HK4T-W7RB."""
    return f"{reference[:4]}-{reference[4:]}"


def parse(text: str) -> str | None:
    """The reference in typed text; None if there is none. It ignores case, spaces, hyphens, and
    what stands around it in a sentence: quotes, brackets, a period.
    """
    if len(text) > 40:
        return None
    plain = re.sub(r"[\s\-‐-–]", "", text).strip(_AROUND).upper()
    return plain if _SHAPE.fullmatch(plain) else None
