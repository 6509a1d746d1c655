"""Numbers, counts and ranges as people type them."""

import re

from shared.typed.plain import DASHES, INVISIBLE, line, up_to

_ABOUT = re.compile(
    r"(?:about|around|approx(?:imately|\.)?|roughly|circa|ca\.|some|nearly|maybe|perhaps|probably"
    r"|at least|unos|unas|cerca de|alrededor de|más o menos|mas o menos|aproximadamente|aprox\.?"
    r"|quizás?|tal vez|al menos|por lo menos|~|≈|±)\s*",
    re.I,
)
_WHOLE = r"(?:0|[1-9][0-9]{0,8}|[1-9][0-9]{0,2}(?:[,\u00a0\u202f][0-9]{3}){1,2})"
_NUMBER = re.compile(f"(?:-(?!0))?{_WHOLE}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,8})\.[0-9]{1,6}")
_RANGE = re.compile(
    rf"(?:from\s+|between\s+|de\s+|entre\s+)?({_WHOLE})\s*(?:-|to|and|or|a|y|o|hasta)\s*({_WHOLE})",
    re.I,
)
_DOZENS = {
    "half a dozen": "6", "media docena": "6", "a dozen": "12", "one dozen": "12",
    "una docena": "12", "two dozen": "24", "dos docenas": "24",
}  # fmt: skip
_DOZEN = re.compile(
    r"(half a dozen|media docena|(?:a|one|two) dozen|una docena|dos docenas)\b(?: de\b)?", re.I
)
_COUNTED = re.compile(r"(.*[0-9])(?:\s?\+)?((?:\s+[^\W\d_]+\.?){0,2})")
_CHANGES_NUMBER = re.compile(
    r"hundred|(?:thous|mill|bill)(?:and|ion)s?|dozens?|percent|[km]|half|of|to|or|and|per|each|every"
    r"|an?|cohorts?|groups?|class(?:es)?|sections?|teams?|times|pairs?"
    r"|cien|cientos|mil|mill[oó]n(?:es)?|docenas?|por|ciento|medi[oa]|de|[ouy]|hasta|cada|al"
    r"|cohortes?|grupos?|clases?|secciones|equipos?|veces|pares"
)  # after a number, these change what it says


@up_to(200)
def number(typed: str) -> int | str:
    """A whole number, also with commas between thousands and a word such as "about"."""
    plain = _plain_number(typed)
    return _whole(plain) if _NUMBER.fullmatch(plain) else typed


@up_to(200)
def decimal(typed: str, *, label: str = "") -> float | int | str:
    """As `number`, also with a decimal point and with a unit that the label names: 40 hours."""
    plain, words = _counted(_plain_number(typed))
    if not set(words) <= set(_words(label)):
        return typed
    if _DECIMAL.fullmatch(plain):
        return float(plain)
    return _whole(plain) if _NUMBER.fullmatch(plain) else typed


@up_to(200)
def count(typed: str) -> int | str:
    """How many: as `number`, also a dozen, 50+, and with a word or two for who: 12 new nurses."""
    plain, words = _counted(_plain_number(typed))
    clear = _NUMBER.fullmatch(plain) and not any(map(_CHANGES_NUMBER.fullmatch, words))
    return _whole(plain) if clear else typed


@up_to(200)
def count_range(typed: str) -> int | dict[str, int] | str:
    """A count, or both ends of a range: 10–15, 10 to 15, de 10 a 15, maybe 5 or 6 people."""
    plain, words = _counted(_plain_number(typed))
    match = _RANGE.fullmatch(plain)
    if match and not any(map(_CHANGES_NUMBER.fullmatch, words)):
        return {"from": _whole(match[1]), "to": _whole(match[2])}
    return count(typed)


def _plain_number(typed: str) -> str:
    """Without "about", a dollar sign, and what cannot be seen; every dash is a hyphen."""
    plain = DASHES.sub("-", INVISIBLE.sub("", line(typed))).strip()
    return _ABOUT.sub("", plain, count=1).strip().removeprefix("$").strip()


def _counted(plain: str) -> tuple[str, list[str]]:
    """The digits, and up to two words after them; all of it and none where it is not so."""
    digits = _DOZEN.sub(lambda match: _DOZENS[match[1].lower()], plain, count=1)
    match = _COUNTED.fullmatch(digits)
    return (match[1], _words(match[2])) if match else (plain, [])


def _words(plain: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", plain.casefold())


def _whole(digits: str) -> int:
    return int(re.sub(r"[^0-9-]", "", digits))
