"""Proposals, the people on them, and the stored responses of the API."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    Uuid,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from services.intake.models.people import Person
from services.intake.models.tables import Base
from shared.tables import Moment, now


class Proposal(Base):
    """An idea that was sent."""

    __tablename__ = "proposals"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(20))  # see ProposalState
    branch: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    profile_version: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_reply_by: Mapped[date] = mapped_column(Date)
    meeting_by: Mapped[date] = mapped_column(Date)
    decision_by: Mapped[date] = mapped_column(Date)
    receipt_asked: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    """False where no receipt was mailed: suspected spam, or too many for its mailbox."""
    copy_waits: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Whether the copy of the answers is mailed once a link of the mailbox is used."""
    submitted_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    people: Mapped[list["ProposalPerson"]] = relationship(order_by="ProposalPerson.place")


class ProposalPerson(Base):
    """A person on a proposal, with their role and whether they agreed."""

    __tablename__ = "proposal_people"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20))  # see ProposalRole
    state: Mapped[str] = mapped_column(String(20))  # see MembershipState
    name: Mapped[str] = mapped_column(Text)
    place: Mapped[int] = mapped_column(SmallInteger)
    person: Mapped[Person] = relationship()


class StoredResponse(Base):
    """The response that an Idempotency-Key got, stored in the transaction that it reports."""

    __tablename__ = "kept_answers"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
