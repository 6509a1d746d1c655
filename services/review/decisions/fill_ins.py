"""Places of a letter that were to be filled in, and words that were not meant to stay."""

import re
from typing import NamedTuple

_PLACEHOLDER = re.compile(r"\{\{[^{}]{0,80}\}\}|\{%|%\}|\{\{|\}\}|<<[^<>]{0,80}>>")
# The words that writers leave for themselves; no letter to a person has one on purpose.
# In Spanish, "todo" is a common word.
_REMINDER = re.compile(r"\b(?:TODO|(?i:TBD|TBA|FIXME|XXX+))\b")
_SAMPLE = re.compile(r"\blorem ipsum\b", re.I)
_BLANK = re.compile(r"_{3,}|\?{3,}|\$[ \u00a0]?[Xx](?:[Xx,.]*[Xx])?\b|\[\s*\]")
_BRACKETS = re.compile(r"\[([^\[\]\n]{1,80})\]|<([^\W\d][^<>@:/\n]{0,80})>")
_GUILLEMETS = re.compile(r"«([^«»\n]{1,60})»")
_NOUNS = (
    "name|date|amount|address|email|phone|link|reason"
    "|nombre|apellidos?|fecha|importe|monto|cantidad|dirección|correo|teléfono|enlace|motivo"
)
_NOUN = re.compile(rf"(?:su|your|the|el|la|first|last|full)?\s*(?:{_NOUNS})s?", re.I)
# Imperatives and "your" at the beginning, or a noun among a few words.
_REQUEST = re.compile(
    r"(?:insert|enter|add|fill|choose|type|your|insertar?|inserte|escrib[ae]|añad[ae]|complet[ae]"
    r"|poner|su|tu)\b",
    re.I,
)
_PLACE = re.compile(rf"\b(?:{_NOUNS}|title|título|titulo|xx+)s?\b", re.I)
_FEW_WORDS = 4
_CAPITALS = re.compile(r"[^\W\d_]{2}")
_GREETING = re.compile(
    r"\b(?:Dear|Hello|Hi|Estimad[oa]s?|Querid[oa]|Hola),?[ \u00a0]+"
    r"(?:(?:FIRST|LAST|FULL|YOUR)[ \u00a0])?(?:NAME|NOMBRE|TITLE|PROPOSER|RECIPIENT|XX+)\b"
)
_SURE = (  # the first that fits a stretch of text names it
    (_PLACEHOLDER, "a placeholder"),
    (_GREETING, "a place to fill in"),
    (_BLANK, "a place to fill in"),
    (_SAMPLE, "sample text"),
)


class FillIns(NamedTuple):
    """Sentences: `faults` keep a letter from being sent, `warnings` ask for a second look."""

    faults: list[str]
    warnings: list[str]


def find(text: str) -> FillIns:
    """Every place to fill in, and ordinary brackets, which may be meant."""
    found = FillIns([], [])
    for pattern, what in _SURE:
        text = _take(text, pattern, what, found)
    for brackets in _BRACKETS.finditer(text):
        if _reads_like_place((brackets[1] or brackets[2]).strip()):
            found.faults.append(_fault(brackets[0], "a place to fill in"))
        else:
            found.warnings.append(
                f"“{brackets[0]}” is in brackets. Check that nothing is left to fill in."
            )
    for quoted in _GUILLEMETS.finditer(text):
        if _NOUN.fullmatch(quoted[1].strip()):
            found.faults.append(_fault(quoted[0], "a place to fill in"))
    _take(_BRACKETS.sub(" ", text), _REMINDER, "a reminder", found)
    return FillIns(list(dict.fromkeys(found.faults)), list(dict.fromkeys(found.warnings)))


def _take(text: str, pattern: re.Pattern[str], what: str, found: FillIns) -> str:
    """Add what fits to the faults; the text without it, so that nothing is named twice."""
    found.faults.extend(_fault(each[0], what) for each in pattern.finditer(text))
    return pattern.sub(" ", text)


def _fault(words: str, what: str) -> str:
    return f"“{words}” looks like {what}. Replace or remove it."


def _reads_like_place(content: str) -> bool:
    capitals = content.isupper() and _CAPITALS.search(content)
    few = len(content.split()) <= _FEW_WORDS
    return bool(
        capitals
        or _REQUEST.match(content)
        or _REMINDER.search(content)
        or (few and _PLACE.search(content))
    )
