"""What intake owns: people outside the office, their proposals, who stands on them; and its
projections.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from shared.tables import NAMING, Moment, RowNumber, now


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Person(Base):
    """Somebody outside the office. A person is one mailbox."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    address: Mapped[str] = mapped_column(String(254), unique=True)
    """Casefolded; the domain as punycode."""
    verified_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Proposal(Base):
    """An idea that has been sent."""

    __tablename__ = "proposals"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(20))  # submitted, amended, withdrawn, quarantined
    branch: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    profile_version: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_reply_by: Mapped[date] = mapped_column(Date)
    meeting_by: Mapped[date] = mapped_column(Date)
    decision_by: Mapped[date] = mapped_column(Date)
    submitted_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    people: Mapped[list["ProposalPerson"]] = relationship(order_by="ProposalPerson.place")


class ProposalPerson(Base):
    """Who stands on a proposal, as what, and whether they have agreed to."""

    __tablename__ = "proposal_people"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20))  # proposer, co_proposer
    state: Mapped[str] = mapped_column(String(20))  # active, invited, declined
    name: Mapped[str] = mapped_column(Text)
    place: Mapped[int] = mapped_column(SmallInteger)
    person: Mapped[Person] = relationship()


class KeptAnswer(Base):
    """The answer that an Idempotency-Key got, written in the transaction that it answers for."""

    __tablename__ = "kept_answers"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class Draft(Base):
    """An idea that is being written down: what was typed, kept at every step."""

    __tablename__ = "drafts"
    __table_args__ = (
        Index(
            "ix_drafts_remind_at",
            "remind_at",
            sqlite_where=text("remind_at IS NOT NULL"),
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    """That of the proposal later on, so that a link to the draft can already name it."""
    language: Mapped[str] = mapped_column(String(5))
    typed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """By question, in the shape of answers; also what is wrong, not asked now or set aside."""
    not_sure: Mapped[list[str]] = mapped_column(JSON, default=list)
    done: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The sections that were saved without a problem."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    """Who had a link to it mailed."""
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    remind_at: Mapped[datetime | None] = mapped_column(Moment)
    """When its person is to be reminded next, if nobody changes it before."""
    reminds: Mapped[bool] = mapped_column(Boolean, default=True)
    """Whether its person wants to be reminded."""
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("proposals.id"), index=True)
    proposal: Mapped[Proposal | None] = relationship()
    """What it became when it was sent; from then on nothing here changes."""


class Token(Base):
    """A mailed link, maybe with a code. Only hashes are kept: a copy of the database opens
    nothing.
    """

    __tablename__ = "tokens"

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # draft, proposal
    thing_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    asked: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    """SHA-256 of the browser that asked and of what was typed there, where a code was mailed."""
    code: Mapped[bytes | None] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How many wrong codes were typed."""


class Pass(Base):
    """One browser may see one draft or proposal until then; the browser holds the key alone."""

    __tablename__ = "passes"

    browser: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """SHA-256 of the key in its cookie."""
    thing_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(10))  # draft, proposal
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Use(Base):
    """Somebody did what only so many may do an hour."""

    __tablename__ = "uses"
    __table_args__ = (Index("ix_uses_whose", "whose", "at"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    whose: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of what is counted and for whom."""
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class CaseView(Base):
    """What the proposer may know of her case; review owns it."""

    __tablename__ = "case_views"

    case_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    version: Mapped[int] = mapped_column(Integer)
    public_label: Mapped[str] = mapped_column(String(40))
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The whole event, in JSON's types."""


class MailFate(Base):
    """What became of a mail about a proposal; notify owns it."""

    __tablename__ = "mail_fates"

    mail_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class Post(Base):
    """One utterance in the conversation about a proposal, from either side."""

    __tablename__ = "posts"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))  # proposer, office
    author: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(Moment, default=now)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the mail that tells of it goes; None for what was said on this side."""


class CatalogueEntry(Base):
    """One existing offering; review owns it."""

    __tablename__ = "catalogue_entries"

    entry_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    skills: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))


class Forgotten(Base):
    """A service has said that it forgot a person."""

    __tablename__ = "forgotten"

    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    service: Mapped[str] = mapped_column(String(20), primary_key=True)
    forgotten_at: Mapped[datetime] = mapped_column(Moment)
