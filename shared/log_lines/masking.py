"""Keep tokens out of log lines: whoever has one can open the page of a person."""

import re
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

TOKEN = "[token]"  # noqa: S105 - stands for one
HIDDEN = "[...]"
_LONG = re.compile(r"[A-Za-z0-9_-]{20,}")
_PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,60}")


def hide(text: str) -> str:
    """The text without what may be a token, wherever it stands."""
    return _LONG.sub(lambda found: found[0] if _is_harmless(found[0]) else HIDDEN, text)


def path(asked: str, *, values: Mapping[str, Any] | None, words: Collection[str]) -> str:
    """The path for the log. `values` are those of its route, None if it has no route; `words` are
    the fixed words of all routes. Of what somebody typed, only plain short values remain.
    """
    shown: dict[str, str] = {}
    for name, value in (values or {}).items():
        for part in str(value).split("/"):
            is_plain = _PLAIN.fullmatch(part) and hide(part) == part
            shown[part] = TOKEN if name == "token" else part if is_plain else HIDDEN
    known = {"": "", **shown, **{word: word for word in words}}
    return "/".join(known.get(part, HIDDEN) for part in asked.split("/"))


def _is_harmless(text: str) -> bool:
    """Whether it is an id, or a word of prose or code."""
    try:
        return bool(UUID(text))
    except ValueError:
        return re.fullmatch("[A-Za-z_-]+|[a-z]+[0-9]?", text) is not None and len(text) < 40
