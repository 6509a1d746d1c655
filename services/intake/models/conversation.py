"""What is said about a proposal: messages of both sides, and what was not sent yet."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.models.tables import Base
from shared.tables import Moment, now


class Post(Base):
    """One message about a proposal, from either side."""

    __tablename__ = "posts"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))  # see PostSide
    author: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(Moment, default=now)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    """Of older messages of the office: when the mail that announces it is sent."""
    departure_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    """Of a message of the office: what it left with."""


class UnsentMessage(Base):
    """What the proposer has typed into the answer box and not sent yet."""

    __tablename__ = "unsent_messages"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
