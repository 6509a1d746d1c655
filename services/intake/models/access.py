"""Links and grants that open a draft or proposal, and uses that are limited."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.models.tables import Base
from shared.tables import Moment, RowNumber, now


class LinkToken(Base):
    """A mailed link, with or without a code. Only hashes are stored: a copy of the database opens
    nothing.
    """

    __tablename__ = "tokens"

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # see AccessKind
    thing_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    asked: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    """SHA-256 of the browser that asked and of what was typed there, if a code was mailed."""
    code: Mapped[bytes | None] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Wrong codes that were typed."""


class BrowserGrant(Base):
    """One browser may see one draft or proposal for a time. Only the browser has the key."""

    __tablename__ = "passes"

    browser: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """SHA-256 of the key in its cookie."""
    thing_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(10))  # see AccessKind
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class RateLimitUse(Base):
    """One use of an act that is limited per hour."""

    __tablename__ = "uses"
    __table_args__ = (Index("ix_uses_whose", "whose", "at"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    whose: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the act and of the address or mailbox that it is counted for."""
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
