"""What a search means: words as stored texts have them, whatever was typed or pasted with them."""

import re

from shared import typed

_CASE_LINK = re.compile(r"\S*/(?:cases|status)/([a-z0-9]{4}-?[a-z0-9]{4})(?![a-z0-9])\S*")
_SEPARATORS = re.compile('[,;<>‹›«»"“”„()\\[\\]]+')
_ENDS = ".!?:'"
SHORTEST = 3  # a shorter word keeps its marks: "q." says more than "q"
_EXTENSION = r"(?:[ \u00a0]*(?:ext\.?|x|#)[ \u00a0]*\d+)?"
_GAP = r"[ \u00a0().\-/]*"
_PHONE = re.compile(rf"(?<![\w.-])(\+?\(?\d(?:{_GAP}\d){{9,14}}){_EXTENSION}(?![\w-])")
_LOCAL_PHONE = re.compile(r"(?<![\w.-])(\d{3}[-.]\d{4})(?![\w-])")
_NATIONAL = 10  # digits of a number in North America, without the 1 of the country


def of_query(query: str) -> list[str]:
    """The words that a case must have, each once."""
    key = typed.search_key(query)
    for pattern in (_PHONE, _LOCAL_PHONE):
        key = pattern.sub(lambda found: f" {_digits(found[1])} ", key)
    plain = _SEPARATORS.sub(" ", _CASE_LINK.sub(r"\1", key))
    words = [_without_ends(word) for word in plain.split()]
    return list(dict.fromkeys(words or key.split()))


def phones(text: str) -> list[str]:
    """The digits of the phone numbers in a text, as `of_query` has them."""
    key = typed.search_key(text)
    found = [_digits(phone) for phone in _PHONE.findall(key)]
    rest = _PHONE.sub(" ", key)
    return list(dict.fromkeys(found + [_digits(phone) for phone in _LOCAL_PHONE.findall(rest)]))


def _digits(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return digits[1:] if len(digits) == _NATIONAL + 1 and digits[0] == "1" else digits


def _without_ends(word: str) -> str:
    bare = word.strip(_ENDS)
    return bare if len(bare) >= SHORTEST else word
