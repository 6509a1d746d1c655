"""One form for what people type: composed, trimmed, without characters that hurt whoever reads it.

Refused are control characters (PostgreSQL and mail headers break on them), half characters, marks
piled up until they cover other lines, and in one-line answers the overrides that let a name read
backwards. A text of which nothing can be seen counts as empty.
"""

import re
import unicodedata

MARKS_IN_A_ROW = 8

_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"
_UNUSABLE_IN_LINE = re.compile(f"[{_CONTROL}\t\n\u202a-\u202e\u2066-\u2069]")
_UNUSABLE_IN_LINES = re.compile(f"[{_CONTROL}\t]")
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters and a pattern that show nothing
_UNSEEN_KINDS = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})


class Unusable(ValueError):
    """A text with a character that cannot be used; the message is for people."""


def line(value: str) -> str:
    """One line, in the one form; Unusable for line breaks, tabs, controls and overrides."""
    return _clean(value, _UNUSABLE_IN_LINE)


def lines(value: str) -> str:
    """As `line`, but line feeds and bidirectional marks may stay."""
    return _clean(value, _UNUSABLE_IN_LINES)


def typed(value: str) -> str:
    """What a browser sends, as `lines` takes it: CR LF becomes one line feed, a tab a space."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


def blank(value: str) -> bool:
    """Whether nothing of it can be seen: spaces, zero-width characters, fillers."""
    if value.isascii():
        return not value.strip()
    return all(char in _UNSEEN or unicodedata.category(char) in _UNSEEN_KINDS for char in value)


def _clean(value: str, unusable: re.Pattern[str]) -> str:
    if unusable.search(value):
        raise Unusable("This text has a character that we can’t use. Please type it again.")
    if value.isascii():
        return value.strip()
    composed = unicodedata.normalize("NFC", value).strip()
    if _piled_up(composed):
        raise Unusable("One letter has too many accents. Please type it again without them.")
    return composed


def _piled_up(value: str) -> bool:
    row = 0
    for char in value:
        row = row + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if row > MARKS_IN_A_ROW:
            return True
    return False
