"""What has been published or handled long ago goes, a thousand rows at a time."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from shared import db
from shared.tables import DeferredEvent, InboxRow, OutboxRow, now

BATCH = 1000


def delete_old_rows(*, days: int) -> int:
    """Delete published events, inbox keys and discarded work older than `days`; return how many.

    The days bound how long a duplicate is known: they must exceed every possible replay.
    """
    before = now() - timedelta(days=days)
    old: list[tuple[Any, Any]] = [
        (OutboxRow.id, OutboxRow.published_at < before),
        (InboxRow.event_id, InboxRow.handled_at < before),
        (
            DeferredEvent.event_id,
            (DeferredEvent.state == "discarded") & (DeferredEvent.last_seen_at < before),
        ),
    ]
    gone = 0
    for key, condition in old:
        while True:
            with db.begin() as session:
                found = select(key).where(condition).limit(BATCH)
                rows = delete(key.class_).where(key.in_(found)).returning(key)
                count = len(session.execute(rows).all())
            gone += count
            if count < BATCH:
                break
    return gone
