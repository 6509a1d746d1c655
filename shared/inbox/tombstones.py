"""Erase a person: first tombstones, then every event that names them, in one transaction.

The tombstones of the person and of the proposals erased with them stay. A later event about any of
them has no effect.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shared import db, outbox
from shared.tables import DeferredEvent, OutboxRow, Tombstone, now


def set_tombstones(
    session: Session,
    *,
    person_id: UUID,
    proposal_ids: Collection[UUID],
    erased_at: datetime | None = None,
) -> None:
    """Set the tombstones and delete every stored event that names the person or the proposals."""
    at = erased_at or now()
    subjects = [
        subject
        for subject in (person_id, *proposal_ids)
        if db.insert_new(session, Tombstone, values={"subject_id": subject, "erased_at": at})
    ]
    if not subjects:
        return  # told again after a restore
    outbox.flush(session)  # so that the events of this transaction are searched too
    ids = [str(subject).encode() for subject in subjects]
    _delete_naming(session, OutboxRow, OutboxRow.id, ids)
    _delete_naming(session, DeferredEvent, DeferredEvent.event_id, ids)


def _delete_naming(session: Session, table: Any, key: Any, ids: list[bytes]) -> None:
    """Delete the events that contain one of the ids.

    The search runs here and not in SQL, because envelopes are bytes on both databases. Events about
    an erasure stay: they hold only ids.
    """
    rows = session.execute(
        select(key, table.envelope)
        .where(table.event_type.not_like("person.%"))
        .execution_options(yield_per=500)
    )
    keys = [row[0] for row in rows if any(subject in row[1] for subject in ids)]
    for start in range(0, len(keys), 500):
        session.execute(delete(table).where(key.in_(keys[start : start + 500])))
