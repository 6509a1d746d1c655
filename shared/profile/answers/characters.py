"""Canonical form of typed text: composed, trimmed, without harmful characters.

Refused are control characters (they break PostgreSQL and mail headers), lone surrogates, so many
combining marks that they cover other lines, and in one-line answers the overrides that make a name
read backwards. A text without a visible character counts as empty.
"""

import re
import unicodedata

from shared import typed

MARKS_IN_A_ROW = 8

_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"
_UNUSABLE_IN_LINE = re.compile(f"[{_CONTROL}\t\n\u202a-\u202e\u2066-\u2069]")
_UNUSABLE_IN_LINES = re.compile(f"[{_CONTROL}\t]")
_UNSEEN = frozenset(
    "\u115f\u1160\u3164\uffa0\u2800"
)  # letters and a pattern that render as nothing
_UNSEEN_KINDS = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})


AROUND = 15  # characters shown on each side of an unusable one
_UNUSABLE = "This text has a character that we can’t use. Delete it here:"
_TOO_MANY_MARKS = "One letter has too many accents. Please type it again without them."


class Unusable(ValueError):
    """Raised for a text with an unusable character: `reason` says why, `place` shows where."""

    def __init__(self, reason: str, place: str = ""):
        super().__init__(f"{reason}{place}")
        self.reason = reason
        self.place = place


def line(value: str) -> str:
    """One line in canonical form; Unusable for line breaks, tabs, controls and overrides."""
    return _clean(value, _UNUSABLE_IN_LINE)


def lines(value: str) -> str:
    """Like `line`, but keeps line feeds and bidirectional marks."""
    return _clean(value, _UNUSABLE_IN_LINES)


def blank(value: str) -> bool:
    """Whether no character is visible: only spaces, zero-width characters and fillers."""
    if value.isascii():
        return not value.strip()
    return all(char in _UNSEEN or unicodedata.category(char) in _UNSEEN_KINDS for char in value)


def _clean(value: str, unusable: re.Pattern[str]) -> str:
    if found := unusable.search(value):
        raise Unusable(_UNUSABLE, f" “{_around(value, found.start(), unusable)}”.")
    if value.isascii():
        return value.strip()
    composed = typed.composed(value).strip()
    if _piled_up(composed):
        raise Unusable(_TOO_MANY_MARKS)
    return composed


def _around(value: str, at: int, unusable: re.Pattern[str]) -> str:
    """The text around a character, with a box for each that cannot be used."""
    start, end = max(0, at - AROUND), at + 1 + AROUND
    shown = unusable.sub("▯", value[start:end])
    return f"{'…' if start else ''}{shown}{'…' if end < len(value) else ''}"


def _piled_up(value: str) -> bool:
    marks = 0
    for char in value:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks > MARKS_IN_A_ROW:
            return True
    return False
