"""Delete old published and handled events, a thousand rows per transaction."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from shared import db
from shared.tables import DeferredEvent, DeferredState, InboxRow, OutboxRow, now

BATCH = 1000


def delete_old_rows(*, days: int) -> int:
    """Delete published events, inbox keys and discarded events older than `days`; return how many.

    A duplicate is recognized for that long, so `days` must exceed the age of any replay.
    """
    before = now() - timedelta(days=days)
    old: list[tuple[Any, Any]] = [
        (OutboxRow.id, OutboxRow.published_at < before),
        (InboxRow.event_id, InboxRow.handled_at < before),
        (
            DeferredEvent.event_id,
            (DeferredEvent.state == DeferredState.DISCARDED)
            & (DeferredEvent.last_seen_at < before),
        ),
    ]
    deleted = 0
    for key, condition in old:
        while True:
            with db.begin() as session:
                batch = select(key).where(condition).limit(BATCH)
                rows = delete(key.class_).where(key.in_(batch)).returning(key)
                count = len(session.execute(rows).all())
            deleted += count
            if count < BATCH:
                break
    return deleted
