"""Why an event was deferred or parked: a stored reason is a kind and its detail."""

from enum import StrEnum


class FailureKind(StrEnum):
    """The first part of a stored reason."""

    TOO_LARGE = "too_large"
    UNDECODABLE = "undecodable"
    BAD_ENVELOPE = "bad_envelope"
    BAD_DATA = "bad_data"
    UNKNOWN_TYPE = "unknown_type"
    FUTURE_VERSION = "future_version"
    NOT_YET = "not yet"
    REFUSED = "refused"
    HANDLER_ERROR = "handler_error"
    CRASH_LOOP = "crash_loop"
    DEAD_LETTER = "dead_letter"


LATER_RELEASE = (FailureKind.UNKNOWN_TYPE, FailureKind.FUTURE_VERSION)


def failure_reason(kind: FailureKind, detail: str = "") -> str:
    """The reason as a row stores it."""
    return f"{kind}: {detail}" if detail else str(kind)


def failure_kind(reason: str) -> FailureKind | None:
    """The kind of a stored reason; None where an older or newer release wrote another one."""
    first = reason.split(":", 1)[0]
    return FailureKind(first) if first in set(FailureKind) else None
