"""Tables that every service has in its own database: outbox, inbox, work, profile versions,
tombstones, signs of life.

They have a base of their own, so that tests can load the three services into one process.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
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

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite gives out row numbers only for "INTEGER PRIMARY KEY"; PostgreSQL wants eight bytes for
# them.
RowNumber = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """A point in time, always with a zone; UTC in the database, because SQLite keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


# What waits of one thing has one index alone. Where PostgreSQL believes that nothing waits it takes
# any index that could serve, and reads all that waits for each event: so the order of all things
# says the same in other words, and what has gone stands in an index without what waits.
OF_ONE_THING = text("published_at IS NULL")
OF_ALL_THINGS = text("published_at IS NULL AND attempts >= 0")
GONE = text("published_at IS NOT NULL")


class OutboxRow(Base):
    """One event on its way out, written in the transaction of the change that it tells of."""

    __tablename__ = "outbox"
    __table_args__ = tuple(
        Index(name, *columns, sqlite_where=where, postgresql_where=where)
        for name, columns, where in (
            ("ix_outbox_todo", ("thing", "id"), OF_ONE_THING),
            ("ix_outbox_waiting", ("id",), OF_ALL_THINGS),
            ("ix_outbox_gone", ("published_at",), GONE),
        )
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    event_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    event_type: Mapped[str] = mapped_column(String(100))
    thing: Mapped[str] = mapped_column(String(100))
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    """The exact bytes, so that every resend is the same event."""
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_error: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(Moment)


class InboxRow(Base):
    """One event that has had its effect; the broker may deliver twice, this key may not."""

    __tablename__ = "inbox"

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    event_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the bytes handled: the same id with other bytes is worth a line in the log."""
    handled_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class DeferredEvent(Base):
    """An event that could not be handled yet (deferred), or at all (parked)."""

    __tablename__ = "work"
    __table_args__ = (Index("ix_work_due", "state", "next_attempt_at"),)

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    event_type: Mapped[str] = mapped_column(String(100))
    queue: Mapped[str] = mapped_column(String(100))
    content_type: Mapped[str] = mapped_column(String(100))
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(20))  # deferred, parked, discarded
    reason: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    started: Mapped[int] = mapped_column(Integer, default=0)
    """Starts without an outcome: a message that ends the process is found by it."""
    next_attempt_at: Mapped[datetime] = mapped_column(Moment, default=now)
    first_seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ProfileVersion(Base):
    """One version of the institution profile; old cases keep their old questions."""

    __tablename__ = "profile_version"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    """The newest is in force; to go back, an old body is published again."""


class Tombstone(Base):
    """A person who was forgotten, or a proposal that went with her: what an event says about them
    is dropped, whenever it arrives.
    """

    __tablename__ = "tombstone"

    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(Moment, default=now)


class StatusReportRow(Base):
    """What a service has told of itself last: its version, and whether there is news since."""

    __tablename__ = "told"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Moment)


class LoopRow(Base):
    """The last sign of life of a loop of the worker, read by /readyz."""

    __tablename__ = "loop"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    trouble: Mapped[str | None] = mapped_column(Text)
    """One plain sentence, or nothing."""
