"""Read a delivery as an event or refuse it; nothing is unpickled, decompressed or coerced."""

import hashlib
import uuid
from datetime import datetime
from typing import Any, NamedTuple

from marshmallow import EXCLUDE, ValidationError

from shared import events, strict_json
from shared.broker.consumer import Delivery
from shared.inbox.failures import FailureKind

CONTENT_TYPE = "application/cloudevents+json"
MAX_BYTES = 1024 * 1024
_ENVELOPE = events.Envelope(unknown=EXCLUDE)


class Unreadable(Exception):
    """Not an event of the vocabulary. `event_id` is the key of its row.

    Bytes without a readable id get an id from their hash, so repeated deliveries share one row.
    """

    def __init__(self, kind: FailureKind, detail: str, event_id: uuid.UUID):
        super().__init__(detail)
        self.kind = kind
        self.event_id = event_id


class Received(NamedTuple):
    """One readable event; `data` is loaded by the tolerant schema.

    `happened_at` is its time, None where that is unreadable.
    """

    event_id: uuid.UUID
    name: str
    traceparent: str
    data: dict[str, Any]
    envelope: bytes
    happened_at: datetime | None = None


def read(delivery: Delivery) -> Received:
    """The event in a delivery. Raises Unreadable."""
    event_id = uuid.uuid5(uuid.NAMESPACE_OID, hashlib.sha256(delivery.body).hexdigest())
    if len(delivery.body) > MAX_BYTES:
        raise Unreadable(FailureKind.TOO_LARGE, f"{len(delivery.body)} bytes", event_id)
    if delivery.content_encoding not in (None, "", "utf-8", "binary"):
        raise Unreadable(
            FailureKind.UNDECODABLE, f"encoding {delivery.content_encoding[:40]}", event_id
        )
    if delivery.headers.get("compression"):
        raise Unreadable(FailureKind.UNDECODABLE, "compressed", event_id)
    if delivery.content_type != CONTENT_TYPE:
        raise Unreadable(
            FailureKind.UNDECODABLE, f"content type {str(delivery.content_type)[:60]}", event_id
        )
    try:
        envelope: Any = _ENVELOPE.load(strict_json.loads(delivery.body))
    except strict_json.BadJSON as error:
        raise Unreadable(FailureKind.UNDECODABLE, error.code, event_id) from error
    except ValidationError as error:
        raise Unreadable(FailureKind.BAD_ENVELOPE, str(error.messages)[:500], event_id) from error
    name = _known_name(envelope)
    try:
        loaded: Any = events.tolerant(name).load(envelope["data"])
    except ValidationError as error:
        raise Unreadable(FailureKind.BAD_DATA, str(error.messages)[:500], envelope["id"]) from error
    happened_at = _moment(envelope["time"])
    return Received(
        envelope["id"], name, envelope["traceparent"], loaded, delivery.body, happened_at
    )


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _known_name(envelope: dict[str, Any]) -> str:
    """The short name of an event that this release knows. Raises Unreadable."""
    kind: str = envelope["type"]
    name = kind.removeprefix(events.PREFIX)
    if kind.startswith(events.PREFIX) and name in events.EVENTS:
        return name
    known_bases = {known.rsplit(".v", 1)[0] for known in events.EVENTS}
    is_later = kind.startswith(events.PREFIX) and name.rsplit(".v", 1)[0] in known_bases
    raise Unreadable(
        FailureKind.FUTURE_VERSION if is_later else FailureKind.UNKNOWN_TYPE, kind, envelope["id"]
    )
