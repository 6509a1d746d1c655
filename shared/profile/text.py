"""Texts of the profile with `{{name}}` and `{{#if name}}…{{/if}}`, and no other logic.

Stored text never reaches a template engine that can call functions or look up attributes: a person
who may edit a mail must not gain access to our objects. Values are inserted once and never scanned
for placeholders again. `check` refuses an unknown name before the text is saved, with its position.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8

_MARK = re.compile(
    r"(?<!\{)\{\{([^{}]{0,80})\}\}(?!\})"
)  # bounded, so that no text makes the search slow
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")


class BadTemplate(ValueError):
    """A refused text; `position` counts characters from 0, `reason` is for people."""

    def __init__(self, position: int, reason: str):
        super().__init__(f"{reason} (at character {position})")
        self.position = position
        self.reason = reason


class MissingVariable(KeyError):
    """A text names a variable for which the caller passed no value."""


class _Piece(NamedTuple):
    kind: str  # text, value, if, end
    content: str
    position: int


def check(template: str, allowed: set[str] | frozenset[str]) -> None:
    """Raise BadTemplate if the text is malformed or names a variable that is not allowed."""
    for piece in _pieces(template):
        if piece.kind in ("value", "if") and piece.content not in allowed:
            raise BadTemplate(piece.position, f"Unknown placeholder “{piece.content}”")


def render(template: str, variables: dict[str, str]) -> str:
    """Fill in the values; a part under `#if` is kept only if the value is not empty.

    Raises BadTemplate for a malformed text and MissingVariable for a name without a value. That
    includes names in a part that is left out, so that the mistake shows up early.
    """
    out: list[str] = []
    visible = [True]
    for kind, content, _ in _pieces(template):
        if kind in ("value", "if") and content not in variables:
            raise MissingVariable(content)
        if kind == "if":
            visible.append(visible[-1] and variables[content] != "")
        elif kind == "end":
            visible.pop()
        elif visible[-1]:
            out.append(variables[content] if kind == "value" else content)
    return "".join(out)


def render_line(template: str, variables: dict[str, str]) -> str:
    """As `render`, for a subject. Refuses a line break, which could inject mail headers."""
    line = render(template, variables)
    forbidden = re.search(r"[\n\t]", line) or _CONTROL.search(line)
    if forbidden:
        raise BadTemplate(
            forbidden.start(), "A line cannot contain a line break or control character"
        )
    return line


@lru_cache(maxsize=256)
def _pieces(template: str) -> tuple[_Piece, ...]:
    if len(template) > MAX_BYTES or len(template.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise BadTemplate(MAX_BYTES, "The text is longer than 64 KiB")
    control = _CONTROL.search(template)
    if control:
        raise BadTemplate(control.start(), "The text contains a control character")
    pieces = tuple(_split(template))
    _check_nesting(pieces)
    return pieces


def _split(template: str) -> Iterator[_Piece]:
    last = 0
    for mark in _MARK.finditer(template):
        yield _literal(template[last : mark.start()], last)
        yield _mark(mark.group(1), mark.start())
        last = mark.end()
    yield _literal(template[last:], last)


def _literal(content: str, position: int) -> _Piece:
    misplaced = _STRAY.search(content)
    if misplaced:
        raise BadTemplate(
            position + misplaced.start(),
            f"“{misplaced.group()}” is not part of a placeholder; write {{{{name}}}}",
        )
    return _Piece("text", content, position)


def _mark(inside: str, position: int) -> _Piece:
    word = inside.strip()
    if word == "/if":
        return _Piece("end", "", position)
    kind, name = ("if", word[4:].strip()) if word.startswith("#if ") else ("value", word)
    if not _NAME.fullmatch(name):
        raise BadTemplate(position, f"Unknown placeholder “{word[:60]}”")
    return _Piece(kind, name, position)


def _check_nesting(pieces: tuple[_Piece, ...]) -> None:
    open_at: list[int] = []
    for piece in pieces:
        if piece.kind == "if":
            open_at.append(piece.position)
            if len(open_at) > MAX_DEPTH:
                raise BadTemplate(piece.position, f"More than {MAX_DEPTH} nested #if")
        elif piece.kind == "end":
            if not open_at:
                raise BadTemplate(piece.position, "{{/if}} without {{#if}}")
            open_at.pop()
    if open_at:
        raise BadTemplate(open_at[-1], "{{#if}} without {{/if}}")
