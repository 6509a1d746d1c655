"""JSON read so that nothing is guessed: what two parsers could understand differently is
refused.
"""

import json
import math
import re
from typing import Any

MAX_DEPTH = 32
MAX_DIGITS = 15  # integers up to 10**15 are exact in every language that may read our answers

# Possessive, and content with a text that never ends: no input makes the search go back over it.
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadJSON(ValueError):
    """A document that is refused; `code` is stable, the text is for people."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def loads(document: bytes) -> Any:
    """Parse one JSON document.

    Refuses, with a code: `not_utf8`, `too_deep` (more than 32 levels, found before parsing, so that
    no input can exhaust the stack), `duplicate_key`, `bad_number` (NaN, infinities, -0.0, integers
    over 15 digits), `bad_text` (lone surrogates), `not_json` (everything else, trailing text too).
    """
    try:
        text = document.decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        raise BadJSON("not_utf8", "The body is not UTF-8.") from error
    if _depth(text) > MAX_DEPTH:
        raise BadJSON("too_deep", f"The body is nested more than {MAX_DEPTH} levels deep.")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_int=_integer,
            parse_float=_float,
        )
    except BadJSON:
        raise
    except (ValueError, RecursionError) as error:
        raise BadJSON("not_json", "The body is not one JSON document.") from error
    if "\\u" in text and _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise BadJSON("bad_text", "The body holds half a character (a lone surrogate).")
    return value


def dumps(value: Any) -> bytes:
    """The shortest form, keys in the order given; NaN is a programming error and raises
    ValueError.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def canonical(value: Any) -> bytes:
    """One form for equal values: keys sorted; what fingerprints are made of."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()


def _depth(text: str) -> int:
    deepest = level = 0
    for match in _BRACKETS.finditer(text):
        mark = match.group()
        if mark in "[{":
            level += 1
            deepest = max(deepest, level)
            if deepest > MAX_DEPTH:
                break
        elif mark in "]}":
            level -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            shown = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", key[:60])
            raise BadJSON("duplicate_key", f"The key “{shown}” stands twice in one object.")
        found[key] = value
    return found


def _no_number(word: str) -> None:
    raise BadJSON("bad_number", f"{word} is not a number that can be used.")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS or digits == "-0":
        raise BadJSON("bad_number", "A number is too long or is minus zero.")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number) or (number == 0 and digits.startswith("-")) or len(digits) > 40:
        raise BadJSON("bad_number", "A number is too large, too long or is minus zero.")
    return number
