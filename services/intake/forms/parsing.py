"""Read a posted page as answers.

Nothing is validated here. A number that is none stays text, and a second value where one is
expected makes a list. The schema of the profile refuses both in its own words.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from shared import typed as typed_text
from shared.profile.answers import characters
from shared.web.ui.fields import NOT_SURE

Spec = dict[str, Any]
Posted = MultiDict[str, str]

MOST_LINES = 100  # pasted into one line of a list
CONTROLS = frozenset(
    {"csrf_token", "go", "lang", "add", "remove", "draft", "view", "seen", "version", "choose"}
)

READ: dict[str, Callable[[str], Any]] = {  # by type; any other is one line
    "long_text": typed_text.text,
    "email": typed_text.email,
    "phone": typed_text.phone,
    "url": typed_text.link,
    "date_or_month": typed_text.month,
    "money": typed_text.number,
    "integer_range": typed_text.count_range,
    "count": typed_text.count,
}


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


def texts(posted: Posted, *, beside: Spec | None = None) -> list[str]:
    """What was typed, for a page that can only show it; without what these answers hold."""
    held = set(leaves(beside or {}))
    typed = [
        value
        for name, values in posted.lists()
        if name not in CONTROLS
        for value in values
        if len(value) > 3
    ]
    return [value for value in typed if typed_text.text(value).strip() not in held]


def written_rows(rows: dict[str, int]) -> str:
    """How many rows each list has, for the address of the page that shows them."""
    return ",".join(f"{key}:{count}" for key, count in rows.items() if count)


def read_rows(written: str) -> dict[str, int]:
    """What `written_rows` wrote; a part that it cannot have written is left out."""
    pairs = (pair.partition(":") for pair in written[:500].split(","))
    return {
        key: int(count)
        for key, _, count in pairs
        if count.isascii() and count.isdecimal() and len(count) < 3
    }


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
    if kind == "number" and values and not characters.blank(values[0]):
        return typed_text.decimal(values[0], label=" ".join(_labels(spec)))
    if kind in ("phone", "url") and values and typed_text.says_none(values[0]):
        return None
    return _single_value(kind, values[0]) if values else None


def _labels(spec: Spec) -> list[str]:
    """The labels of a question or part, in every branch."""
    return [str(value) for name, value in spec.items() if name.endswith("label")]


def _single_value(kind: str, value: str) -> Any:
    """What the text means to a question of this type; None where nothing can be seen."""
    return None if characters.blank(value) else READ.get(kind, typed_text.line)(value)


def _range(name: str, posted: Posted) -> Any:
    """A number or a range, from two controls or from the first alone: "10 to 15"."""
    first, last = (posted.get(f"{name}.{end}", "") for end in ("from", "to"))
    if characters.blank(last):
        return _single_value("integer_range", first)
    ends = {"from": _single_value("count", first), "to": _single_value("count", last)}
    return {end: value for end, value in ends.items() if value is not None}


def _parts(spec: Spec, name: str, posted: Posted) -> Spec | None:
    """The answered parts. An unchecked box is an answer once another part has one."""
    values = {
        part["name"]: _value(part, f"{name}.{part['name']}", posted) for part in spec["parts"]
    }
    answered = any(value not in (None, False) for value in values.values())
    if answered and spec.get("role") == "confidential":  # a note about what is private says it too
        values |= {part["name"]: True for part in spec["parts"] if part["type"] == "consent"}
    return (
        {part: value for part, value in values.items() if value is not None} if answered else None
    )


def _several(spec: Spec, posted: Posted) -> tuple[list[Any] | None, int]:
    """The values of the rows that are not empty, and how many rows there were."""
    key = spec["key"]
    if spec["type"] == "list_of_text":
        lines = [line for row in posted.getlist(key) for line in _lines(row)]
        rows: list[Any] = [
            None if characters.blank(line) else typed_text.item(line) for line in lines
        ]
    else:
        last = max((_row(key, name) for name in posted), default=0)
        rows = [_parts(spec, f"{key}.{number}", posted) for number in range(1, last + 1)]
    removed = _number(posted.get("remove", "").removeprefix(f"{key}:"))
    if 0 < removed <= len(rows):
        del rows[removed - 1]
    return [row for row in rows if row is not None] or None, len(rows)


def _lines(row: str) -> list[str]:
    """The lines of a pasted list. More than any list may have stay together in the last one."""
    return typed_text.text(row).split("\n", MOST_LINES)


def leaves(value: Any) -> Iterator[str]:
    """Every single value in answers, as text."""
    inner = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    )
    if inner is None:
        yield str(value)
    else:
        for each in inner:
            yield from leaves(each)


def _row(key: str, name: str) -> int:
    """The row number of a control of this list; 0 for any other control."""
    number = name.removeprefix(f"{key}.").partition(".")[0] if name.startswith(f"{key}.") else ""
    return _number(number)


def _number(digits: str) -> int:
    """The number of a row; 0 for anything else, however long."""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 3 else 0
