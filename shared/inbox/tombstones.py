"""A person is forgotten: first tombstones, then everything that names her, in one transaction.

The tombstones stay, for her and for the proposals that go with her. An event about them that is
still on its way finds one and has no effect.
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
    """Set the tombstones and drop every kept event that names the person or her proposals."""
    subjects = [person_id, *proposal_ids]
    for subject in subjects:
        stone = {"subject_id": subject, "erased_at": erased_at or now()}
        db.insert_new(session, Tombstone, values=stone)
    outbox.flush(session)  # so that the events of this transaction are searched too
    marks = [str(subject).encode() for subject in subjects]
    _drop_naming(session, OutboxRow, OutboxRow.id, marks)
    _drop_naming(session, DeferredEvent, DeferredEvent.event_id, marks)


def _drop_naming(session: Session, table: Any, key: Any, marks: list[bytes]) -> None:
    """Envelopes are bytes on both databases, so they are looked through here and not by SQL.

    What is on its way about an erasure itself stays: it holds nothing but ids.
    """
    rows = session.execute(
        select(key, table.envelope)
        .where(table.event_type.not_like("person.%"))
        .execution_options(yield_per=500)
    )
    found = [row[0] for row in rows if any(mark in row[1] for mark in marks)]
    for start in range(0, len(found), 500):
        session.execute(delete(table).where(key.in_(found[start : start + 500])))
