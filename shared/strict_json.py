"""Strict JSON: documents that two parsers could read differently are refused."""

import json
import math
import re
from typing import Any

MAX_DEPTH = 32
MAX_DIGITS = 15  # integers up to 10**15 are exact in every language of our API's clients

# Possessive quantifiers, and an unterminated string matches too: no input causes backtracking.
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadJSON(ValueError):
    """A refused document; `code` is stable, the text is for people."""

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
    """Compact JSON with keys in their order. Raises ValueError for NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def canonical(value: Any) -> bytes:
    """Compact JSON with sorted keys, the same for equal values; for fingerprints."""
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
    members: dict[str, Any] = {}
    for key, value in pairs:
        if key in members:
            excerpt = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", key[:60])
            raise BadJSON("duplicate_key", f"The key “{excerpt}” appears twice in one object.")
        members[key] = value
    return members


def _no_number(word: str) -> None:
    raise BadJSON("bad_number", f"{word} is not a valid number.")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS or digits == "-0":
        raise BadJSON("bad_number", "A number is too long or is minus zero.")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number) or (number == 0 and digits.startswith("-")) or len(digits) > 40:
        raise BadJSON("bad_number", "A number is too large, too long or is minus zero.")
    return number
