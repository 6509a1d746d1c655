"""Read a posted page as answers.

Nothing is validated here. A number that is none stays text, and a second value where one is
expected makes a list. The schema of the profile refuses both in its own words.
"""

import re
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from shared.profile.answers import characters
from shared.web.ui.fields import NOT_SURE

Spec = dict[str, Any]
Posted = MultiDict[str, str]

CONTROLS = frozenset({"csrf_token", "go", "add", "remove", "draft"})
MOST_ROWS = 99

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")
_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2}")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?")


class ParsedForm(NamedTuple):
    """`answers` by key, without empty ones; `rows` is how many rows each list had; `asked` are the
    keys of all questions that were read.
    """

    answers: Spec
    not_sure: list[str]
    rows: dict[str, int]
    asked: list[str]


def read(questions: list[Spec], posted: Posted) -> ParsedForm:
    """The typed answers to these questions, without the row that `remove` names."""
    typed = ParsedForm({}, [], {}, [spec["key"] for spec in questions])
    for spec in questions:
        key = spec["key"]
        if spec["type"] in ("list_of_text", "people", "organizations"):
            value, typed.rows[key] = _several(spec, posted)
        else:
            value = _value(spec, key, posted)
        if posted.get(f"{key}.not_sure") or NOT_SURE in posted.getlist(key):
            typed.not_sure.append(key)
        if value is not None:
            typed.answers[key] = value
    return typed


def unknown_names(questions: list[Spec], posted: Posted) -> list[str]:
    """Names that no control of the page has."""
    known = {spec["key"] for spec in questions} | CONTROLS
    return [name for name in posted if name.partition(".")[0] not in known]


def _value(spec: Spec, name: str, posted: Posted) -> Any:
    kind = spec["type"]
    if kind == "composite":
        return _parts(spec, name, posted)
    if kind == "integer_range":
        return _range(name, posted)
    values = [value for value in posted.getlist(name) if value != NOT_SURE]
    if kind == "consent":
        return values == ["yes"] if len(values) < 2 else values
    if kind == "multi":
        return [value for value in values if value] or None
    if len(values) > 1:
        return values
    return _single_value(kind, values[0]) if values else None


def _single_value(kind: str, value: str) -> Any:
    value = characters.typed(value)
    if characters.blank(value):
        return None
    if kind == "money" and (_WHOLE.fullmatch(value) or _COMMAS.fullmatch(value)):
        return _integer(value)
    if kind == "number" and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return value


def _integer(value: str) -> Any:
    """The number, also with commas between thousands; else the text."""
    if _WHOLE.fullmatch(value) or _COMMAS.fullmatch(value):
        return int(value.replace(",", ""))
    return value


def _range(name: str, posted: Posted) -> Any:
    ends = {end: _single_value("text", posted.get(f"{name}.{end}", "")) for end in ("from", "to")}
    numbers = {end: _integer(value) for end, value in ends.items() if value is not None}
    return numbers["from"] if list(numbers) == ["from"] else numbers or None


def _parts(spec: Spec, name: str, posted: Posted) -> Spec | None:
    """The answered parts. An unchecked box is an answer once another part has one."""
    values = {
        part["name"]: _value(part, f"{name}.{part['name']}", posted) for part in spec["parts"]
    }
    answered = any(value not in (None, False) for value in values.values())
    return (
        {part: value for part, value in values.items() if value is not None} if answered else None
    )


def _several(spec: Spec, posted: Posted) -> tuple[list[Any] | None, int]:
    """The values of the rows that are not empty, and how many rows there were."""
    key = spec["key"]
    if spec["type"] == "list_of_text":
        rows = [_single_value("text", row) for row in posted.getlist(key)]
        rows = [line for row in rows for line in (row.split("\n") if row else [None])]
        rows = [line if line and not characters.blank(line) else None for line in rows]
    else:
        last = max((_row(key, name) for name in posted), default=0)
        rows = [_parts(spec, f"{key}.{number}", posted) for number in range(1, last + 1)]
    removed = posted.get("remove", "").removeprefix(f"{key}:")
    if removed.isdecimal() and 0 < int(removed) <= len(rows):
        del rows[int(removed) - 1]
    return [row for row in rows if row is not None] or None, len(rows)


def _row(key: str, name: str) -> int:
    """The row number of a control of this list; 0 for any other control."""
    number = name.removeprefix(f"{key}.").partition(".")[0] if name.startswith(f"{key}.") else ""
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else 0
