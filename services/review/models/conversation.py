"""What is said about a case: messages, internal notes, what has not left or was not sent yet."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from services.review.models.people import Staff
from services.review.models.tables import Base
from shared.tables import Moment, RowNumber, now


class Post(Base):
    """One message in the conversation of a case."""

    __tablename__ = "posts"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("cases.proposal_id"), index=True)
    side: Mapped[str] = mapped_column(String(10))  # a PostSide
    author: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(Moment, default=now)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the mail about it goes out; None for messages of the office."""


class Note(Base):
    """An internal note on a case. The proposer never sees it."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text)
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Names of the colleagues who were mentioned and mailed."""
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    staff: Mapped[Staff] = relationship()


class UnsentText(Base):
    """What one colleague has typed into one form of a case and not sent yet."""

    __tablename__ = "unsent_texts"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The endpoint of its route."""
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    """By field, with the revision of the case that they were typed for."""
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class Outgoing(Base):
    """One thing that the office has sent and that has not left yet. Nobody else sees it, and until
    `leaves_at` it can be undone.
    """

    __tablename__ = "outgoing"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # an OutgoingKind
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    """Of a message; the words of a letter are in its draft."""
    sent_at: Mapped[datetime] = mapped_column(Moment, default=now)
    leaves_at: Mapped[datetime] = mapped_column(Moment, index=True)
    staff: Mapped[Staff] = relationship()
