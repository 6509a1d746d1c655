"""Tables of every service's database: outbox, inbox, work, profile versions, tombstones, loops,
restores.

They have their own declarative base, so that tests can load three services into one process.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    Uuid,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

from shared.db.clock import now as now

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite autoincrements only an INTEGER PRIMARY KEY; PostgreSQL needs eight bytes for the counter.
RowNumber = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """A point in time with a time zone. Stored in UTC, because SQLite stores no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone; use tables.now()")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""When something is due at once: before every clock, whoever reads it."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


# Partial indexes with different conditions on purpose. With empty statistics PostgreSQL takes any
# index that could serve, and would read the whole backlog once for each event. `attempts >= 0` is
# always true; it keeps the index by id out of the search for earlier events of one thing.
UNPUBLISHED = text("published_at IS NULL")
UNPUBLISHED_BY_ID = text("published_at IS NULL AND attempts >= 0")
PUBLISHED = text("published_at IS NOT NULL")


class OutboxRow(Base):
    """One outgoing event, written in the transaction of the change that it reports."""

    __tablename__ = "outbox"
    __table_args__ = tuple(
        Index(name, *columns, sqlite_where=where, postgresql_where=where)
        for name, columns, where in (
            ("ix_outbox_todo", ("thing", "id"), UNPUBLISHED),
            ("ix_outbox_waiting", ("id",), UNPUBLISHED_BY_ID),
            ("ix_outbox_gone", ("published_at",), PUBLISHED),
        )
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    event_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    event_type: Mapped[str] = mapped_column(String(100))
    thing: Mapped[str] = mapped_column(String(100))
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    """The exact bytes, so that each attempt publishes the same event."""
    remains: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What is kept in place of an envelope that is blanked once published."""
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(Moment, default=AT_ONCE)
    last_error: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(Moment)


class InboxRow(Base):
    """One handled event; the key makes a second delivery a no-op."""

    __tablename__ = "inbox"

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    event_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the handled bytes: the same id with other bytes is logged as a conflict."""
    handled_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class DeferredState(StrEnum):
    """What happens to an event that the service could not handle."""

    DEFERRED = "deferred"  # a loop tries it again
    PARKED = "parked"  # it waits for a person
    DISCARDED = "discarded"  # a person decided so


class DeferredEvent(Base):
    """An event that the service could not handle yet (deferred) or at all (parked)."""

    __tablename__ = "work"
    __table_args__ = (Index("ix_work_due", "state", "next_attempt_at"),)

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    event_type: Mapped[str] = mapped_column(String(100))
    queue: Mapped[str] = mapped_column(String(100))
    content_type: Mapped[str] = mapped_column(String(100))
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(20))
    """A DeferredState."""
    reason: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    started: Mapped[int] = mapped_column(Integer, default=0)
    """Starts without an outcome; finds an event that kills the process."""
    next_attempt_at: Mapped[datetime] = mapped_column(Moment, default=now)
    first_seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ProfileVersion(Base):
    """One version of the institution profile; an old case keeps its questions."""

    __tablename__ = "profile_version"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    """The newest is in force. To go back, publish an old body again."""


class Tombstone(Base):
    """An erased person, or a proposal erased with them; later events about either are dropped."""

    __tablename__ = "tombstone"

    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(Moment, default=now)


class StatusReportRow(Base):
    """The last status report of a service; the digest shows whether the status has changed."""

    __tablename__ = "told"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Moment)


class LoopRow(Base):
    """The last heartbeat of a loop of the worker, read by /readyz."""

    __tablename__ = "loop"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    trouble: Mapped[str | None] = mapped_column(Text)
    """One plain sentence, or NULL."""


class WorkerRow(Base):
    """The lease of a worker process, or of a loop in it that works under its own key."""

    __tablename__ = "worker"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    process: Mapped[int] = mapped_column(BigInteger)
    """The key of its process; the same number for the process itself."""
    pid: Mapped[int] = mapped_column(Integer)
    host: Mapped[str] = mapped_column(String(100))
    tick: Mapped[float] = mapped_column(Float(53))
    """When it last renewed the lease, by the clock of `shared.db.clock`."""
    ahead: Mapped[float] = mapped_column(Float(53))
    """Its own clock minus that one, in seconds."""
    trouble: Mapped[str | None] = mapped_column(Text)


class Restore(Base):
    """This database was put back from a copy, and `flask announce --restored` has said so."""

    __tablename__ = "restores"

    restored_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    copied_at: Mapped[datetime] = mapped_column(Moment)
    """The newest change in the copy; what happened later is in other services or lost."""


class RestoredThing(Base):
    """One thing that a partner gave back after a restore, or that is known to be lost."""

    __tablename__ = "restored_things"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    came_back: Mapped[bool] = mapped_column(Boolean)
    noted_at: Mapped[datetime] = mapped_column(Moment, default=now)


class PartnerInventory(Base):
    """What a partner holds and this service does not, by its last inventories."""

    __tablename__ = "partner_inventories"

    partner: Mapped[str] = mapped_column(String(20), primary_key=True)
    compared_at: Mapped[datetime] = mapped_column(Moment)
    found: Mapped[dict[str, int]] = mapped_column(JSON)
    """The difference of the last comparison. Events may still have been on their way."""
    missing: Mapped[dict[str, int]] = mapped_column(JSON)
    """The part of it that the comparison before had found too."""
    restored_at: Mapped[datetime | None] = mapped_column(Moment)
    """The last restore of the partner that this service knows of."""
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    """The restore of the partner after which this service announced what it holds."""
