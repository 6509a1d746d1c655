"""When a question or part is asked: `{key, in}`, `{key, not_in}`, `{key, given}`."""

from collections.abc import Mapping
from typing import Any

NOT_SURE = {"not_sure": True}


def is_not_sure(value: Any) -> bool:
    """Whether the value is exactly `{"not_sure": true}`; `1` does not count as true."""
    return isinstance(value, dict) and len(value) == 1 and value.get("not_sure") is True


def holds(
    when: Mapping[str, Any] | None, answers: Mapping[str, Any], assumed: Mapping[str, Any]
) -> bool:
    """Whether the condition holds. Unanswered and "not sure" never match.

    `answers` may be raw input. `assumed` are presets and defaults, which apply where there is no
    answer.
    """
    if when is None:
        return True
    value = _find(when["key"], answers, assumed)
    if value is None or is_not_sure(value):
        return False
    if "given" in when:
        return True
    items = value if isinstance(value, list) else [value]
    if "in" in when:
        return any(item in when["in"] for item in items)
    return any(item not in when["not_in"] for item in items)


def _find(path: str, answers: Mapping[str, Any], assumed: Mapping[str, Any]) -> Any:
    key, _, part = path.partition(".")
    value = answers.get(key, assumed.get(key))
    if not part:
        return value
    return value.get(part) if isinstance(value, dict) else None
