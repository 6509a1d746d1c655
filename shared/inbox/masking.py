"""Mask the payload of an event for administrators: its structure stays visible, personal data not.

It is an allow-list: a value is shown if its field is in SHOWN and it looks like a date, a number or
one word. Dots replace every other value.
"""

import json
import re
from typing import Any

MASK = "•••"
MAX_LENGTH = 2000  # characters; forty masked payloads fit into one event

SHOWN = frozenset(
    {
        *("answer", "attempts", "branch", "changed_at", "decision_by", "erased_at", "expires_at"),
        *("first_reply_at", "first_reply_by", "forgotten_at", "kind", "language", "meeting_by"),
        *(
            "office",
            "on_doubt",
            "on_hold_until",
            "order",
            "outcome",
            "profile_version",
            "public_label",
        ),
        *("published_at", "reference", "released_at", "role", "said_at", "service", "settled_at"),
        *("side", "starts_at", "state", "submitted_at", "version"),
    }
)
FREE_TEXT_FIELDS = frozenset({"answers", "body", "variables"})  # any field inside may hold text
FREE_TEXT = "free text"
_ID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-f]{64}", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9_:.+-]{1,64}")  # one word, one date, one number
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def masked(envelope: bytes) -> str:
    """The data of an event as indented JSON with values masked; "" if it is not JSON."""
    try:
        event = json.loads(envelope)
        data = event.get("data") if isinstance(event, dict) else None
        if not isinstance(data, dict):
            return ""
        text = json.dumps(_masked("", data), indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""
    return text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]} …"


def _masked(name: str, value: Any) -> Any:
    name = FREE_TEXT if name in FREE_TEXT_FIELDS else name
    if isinstance(value, dict):
        is_free = name == FREE_TEXT
        return {_key(key): _masked(name if is_free else key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(name, item) for item in value[:20]]
    if (value is None or isinstance(value, bool)) and name != FREE_TEXT:
        return value  # in an answer, even yes and no are personal
    is_plain = name in SHOWN and _PLAIN.fullmatch(str(value))
    is_id = name.endswith("_id") and _ID.fullmatch(str(value))
    return value if is_plain or is_id else MASK


def _key(key: str) -> str:
    """Field names of ours are plain; any other key may be typed text."""
    return key if _NAME.fullmatch(key) else MASK
