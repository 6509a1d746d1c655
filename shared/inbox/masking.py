"""What of an event may be shown to those who keep the suite running: its shape, and no person.

An allow-list: the values of names that stand here are shown, where they look like what these names
hold; of everything else one sees only that it is there.
"""

import json
import re
from typing import Any

MASK = "•••"
LONGEST = 2000  # characters of what is shown; forty of them fit into one event

SHOWN = frozenset(
    {
        *("answer", "attempts", "branch", "changed_at", "decision_by", "erased_at", "expires_at"),
        *("first_reply_at", "first_reply_by", "forgotten_at", "kind", "language", "meeting_by"),
        *("office", "on_doubt", "order", "outcome", "profile_version", "public_label"),
        *("published_at", "reference", "released_at", "role", "said_at", "service", "settled_at"),
        *("side", "starts_at", "state", "submitted_at", "version"),
    }
)
OF_PEOPLE = frozenset({"answers", "body", "variables"})  # what people typed, under any name
WORDS = "words"
_ID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-f]{64}", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9_:.+-]{1,64}")  # one word, one date, one number
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def masked(envelope: bytes) -> str:
    """The data of an event as indented JSON with every other value masked; "" for no JSON."""
    try:
        said = json.loads(envelope)
        data = said.get("data") if isinstance(said, dict) else None
        if not isinstance(data, dict):
            return ""
        text = json.dumps(_masked("", data), indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _masked(name: str, value: Any) -> Any:
    name = WORDS if name in OF_PEOPLE else name
    if isinstance(value, dict):
        return {_name(key): _masked(WORDS if name == WORDS else key, inner)
                for key, inner in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [_masked(name, inner) for inner in value[:20]]
    if (value is None or isinstance(value, bool)) and name != WORDS:
        return value  # where people answer, yes and no may be the answer
    shown = name in SHOWN and _PLAIN.fullmatch(str(value))
    is_id = name.endswith("_id") and _ID.fullmatch(str(value))
    return value if shown or is_id else MASK


def _name(key: str) -> str:
    """Names are ours and plain; what is not may be what somebody typed."""
    return key if _NAME.fullmatch(key) else MASK
