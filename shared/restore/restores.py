"""When this database was put back from a copy, and what came back since.

Nothing in a database says that it is older than it was. `flask announce --restored` writes it down
before the first process starts. From then on, what happened before that moment may have happened in
the lost time too: the mail about it may have been sent.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from shared import db
from shared.tables import (
    InboxRow,
    OutboxRow,
    ProfileVersion,
    Restore,
    RestoredThing,
    WorkerRow,
    now,
)

EMPTY = datetime(2026, 1, 1, tzinfo=UTC)  # of a copy with nothing in it


def record(session: Session) -> Restore:
    """Write down that this database was put back just now; return the restore."""
    moments = (OutboxRow.created_at, InboxRow.handled_at, ProfileVersion.published_at)
    newest = [session.scalar(select(func.max(moment))) for moment in moments]
    copied_at = max((each for each in newest if each), default=EMPTY)
    restore = Restore(restored_at=now(), copied_at=copied_at)
    session.add(restore)
    session.execute(delete(WorkerRow))  # those that ran when the copy was made
    session.flush()
    return restore


def last(session: Session) -> Restore | None:
    """The last restore of this database; None if there was none."""
    return session.scalar(select(Restore).order_by(Restore.restored_at.desc()).limit(1))


def set_cause(session: Session, *, happened_at: datetime | None) -> None:
    """Remember in this transaction when the event that it handles came about."""
    session.info["happened_at"] = happened_at


def cause(session: Session) -> datetime | None:
    """When the event that this transaction handles came about; None outside a handler."""
    moment: datetime | None = session.info.get("happened_at")
    return moment


def cause_before_restore(session: Session) -> datetime | None:
    """The cause, if it came about before the last restore of this database."""
    moment = cause(session)
    if moment is None:
        return None
    restore = last(session)
    return moment if restore is not None and moment < restore.restored_at else None


def note_return(session: Session, kind: str, thing_id: UUID, *, at: datetime) -> None:
    """Count a thing of this moment that came back after the last restore; do nothing for others."""
    restore = last(session)
    if restore is not None and at < restore.restored_at:
        _note(session, kind, thing_id, came_back=True)


def note_loss(session: Session, kind: str, thing_id: UUID, *, at: datetime) -> None:
    """Count a thing of the lost time that nobody holds any more: between copy and restore."""
    restore = last(session)
    if restore is not None and restore.copied_at < at < restore.restored_at:
        _note(session, kind, thing_id, came_back=False)


def _note(session: Session, kind: str, thing_id: UUID, *, came_back: bool) -> None:
    row = {"kind": kind, "thing_id": thing_id, "came_back": came_back, "noted_at": now()}
    db.insert_new(session, RestoredThing, values=row)


def things(session: Session) -> Sequence[RestoredThing]:
    """All that was noted, what came back first."""
    query = select(RestoredThing).order_by(
        RestoredThing.came_back.desc(), RestoredThing.kind, RestoredThing.noted_at
    )
    return session.scalars(query).all()
