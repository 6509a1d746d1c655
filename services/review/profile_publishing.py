"""Publish the institution profile to every service, as an event."""

from typing import Any

from sqlalchemy.orm import Session

from shared import outbox
from shared.profile import versions
from shared.tables import now


def publish(session: Session, *, body: dict[str, Any]) -> str:
    """Put a profile in force here and send it to the other services; return its version."""
    moment = now()
    version = versions.put(session, body=body, published_at=moment)
    data = {
        "profile_version": version,
        "version": int(moment.timestamp() * 1000),  # publishing the same profile again is newer
        "body": body,
        "published_at": moment,
    }
    outbox.add(session, "profile.published.v1", data)
    return version
