"""Cases with their flags, audit, letters and mails."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, Uuid, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from services.review.models.people import Staff
from services.review.models.states import OVER
from services.review.models.tables import Base
from shared.tables import Moment, RowNumber, now

NOT_DUE = date.max  # not NULL, so that every case has a place in the order of the queue
PLACE = ("due_on", "submitted_at", "id")  # the order of the queue


def _indexes() -> list[Index]:
    """One index for each filter in the order of the queue: over all cases, and over open ones."""
    indexes = [Index(None, *by, *PLACE) for by in ((), *_FILTERS)]
    indexes += [Index(None, "state", *PLACE, "office")]  # counts an office from the index alone
    is_open = f"state NOT IN {tuple(state.value for state in OVER)}"
    # With owner_id as the first column, PostgreSQL would still sort cases without an owner.
    unassigned = "owner_id IS NULL"
    partial = {"_".join(("ix_cases_open", *by)): ((*by, *PLACE), is_open) for by in ((), *_FILTERS)}
    partial |= {"ix_cases_nobody": (PLACE, unassigned)}
    partial |= {"ix_cases_warn_on": (("warn_on",), "warn_on IS NOT NULL")}
    partial |= {"ix_cases_open_nobody": (PLACE, f"{unassigned} AND {is_open}")}
    return indexes + [
        Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
        for name, (columns, where) in partial.items()
    ]


_FILTERS = (("owner_id",), ("office",), ("branch",))


class Case(Base):
    """One proposal and how far the office is with it. What the proposer sent is a projection of
    intake.
    """

    __tablename__ = "cases"
    __table_args__ = (Index(None, "opened_at", "id"), *_indexes())

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    proposal_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Version of `case.changed.v1`; grows with each such event."""
    revision: Mapped[int] = mapped_column(Integer, default=0)
    """Grows with each action. A form holds the revision that it was shown with."""
    state: Mapped[str] = mapped_column(String(20))  # a CaseState
    public_label: Mapped[str] = mapped_column(String(40))
    office: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    first_reply_at: Mapped[datetime | None] = mapped_column(Moment)
    due_on: Mapped[date] = mapped_column(Date, default=NOT_DUE)
    """The deadline of the next step; NOT_DUE without one."""
    warn_on: Mapped[date | None] = mapped_column(Date)
    """The day of the next reminder; None without one."""
    warned: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Reminders that were sent, as `deadlines.Reminder.key`."""
    outcome: Mapped[str | None] = mapped_column(String(20))  # a CaseState that ends a decision
    deferred_until: Mapped[date | None] = mapped_column(Date)

    proposal_version: Mapped[int] = mapped_column(Integer)
    branch: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    profile_version: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    organization: Mapped[str] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    people: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Casefolded; the search of the queue reads it."""
    search_public: Mapped[str | None] = mapped_column(Text)
    """The same without confidential people and phone numbers, for roles that may not read them;
    None where there are none.
    """
    first_reply_by: Mapped[date] = mapped_column(Date)
    meeting_by: Mapped[date] = mapped_column(Date)
    decision_by: Mapped[date] = mapped_column(Date)
    submitted_at: Mapped[datetime] = mapped_column(Moment)

    owner: Mapped[Staff | None] = relationship()
    flags: Mapped[list["CaseFlag"]] = relationship(
        order_by="CaseFlag.place", cascade="all, delete-orphan"
    )


class CaseFlag(Base):
    """A flag that a rule raised on a case; the most urgent has the lowest `place`."""

    __tablename__ = "case_flags"
    __table_args__ = (Index(None, "flag", "due_on", "submitted_at", "case_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    flag: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date, default=NOT_DUE)
    """Copied from the case, as `submitted_at` is, so that the filter by flag has the same order."""
    submitted_at: Mapped[datetime] = mapped_column(Moment)


class Audit(Base):
    """One action on a case, or one view of it. Append-only."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "case_id", "id"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    revision: Mapped[int] = mapped_column(Integer)
    """The revision of the case afterwards; a view leaves it unchanged."""
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """None: the proposer or a timer."""
    action: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    staff: Mapped[Staff | None] = relationship()


class Letter(Base):
    """A decision letter: a draft until it is released, then final."""

    __tablename__ = "letters"
    __table_args__ = (Index(None, "case_id", "drafted_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    kind: Mapped[str] = mapped_column(String(20))  # a LetterKind
    language: Mapped[str] = mapped_column(String(5))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(String(60))  # a value of the profile's reasons
    until: Mapped[date | None] = mapped_column(Date)
    drafted_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    """The author of the last change."""
    drafted_at: Mapped[datetime] = mapped_column(Moment, default=now)
    released_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    drafted_by: Mapped[Staff] = relationship(foreign_keys=drafted_by_id)
    released_by: Mapped[Staff | None] = relationship(foreign_keys=released_by_id)


class MailStatus(Base):
    """The delivery state of a mail, about a proposal or to staff. A projection of notify."""

    __tablename__ = "mail_fates"

    mail_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    proposal_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))  # a MailState
    reason: Mapped[str | None] = mapped_column(Text)
    suppressed: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Its mailbox does not exist, so its server says, and gets no mail until it is released."""
    changed_at: Mapped[datetime] = mapped_column(Moment)


class DigestItem(Base):
    """A notification about a case that waits for the daily summary. It holds no text: the summary
    is written from the case as it is in the morning.
    """

    __tablename__ = "staff_news"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The kind of mail that would have been sent at once."""
    tell_on: Mapped[date] = mapped_column(Date, index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
