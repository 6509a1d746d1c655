"""The institution profile leaves review as an event and so reaches every service, whole."""

from typing import Any

from sqlalchemy.orm import Session

from shared import outbox
from shared.profile import versions
from shared.tables import now


def publish(session: Session, *, body: dict[str, Any]) -> str:
    """Put this profile in force here and tell the others; return its version."""
    moment = now()
    version = versions.put(session, body=body, published_at=moment)
    data = {
        "profile_version": version,
        "version": int(moment.timestamp() * 1000),  # published again is newer
        "body": body,
        "published_at": moment,
    }
    outbox.add(session, "profile.published.v1", data)
    return version
