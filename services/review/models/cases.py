"""Cases, what rules raise about them, what was done with them, letters, mails, conversation."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from services.review.models.people import Staff
from services.review.models.states import OVER
from services.review.models.tables import Base
from shared.tables import Moment, RowNumber, now

NOT_DUE = date.max  # a day that never comes, so that every case has its place in the queue
PLACE = ("due_on", "submitted_at", "id")  # of a case in the queue


def _indexes() -> list[Index]:
    """Each filter of the queue finds its cases in the order of the queue, whether it looks at all
    of them or, as it mostly does, at what is open.
    """
    whole = [Index(None, *by, *PLACE) for by in ((), *_FILTERS)]
    whole += [Index(None, "state", *PLACE, "office")]  # counted for an office without the cases
    is_open = f"state NOT IN {tuple(state.value for state in OVER)}"
    # PostgreSQL does not see that what has no owner stands in the order of its places.
    nobody = "owner_id IS NULL"
    parts = {"_".join(("ix_cases_open", *by)): ((*by, *PLACE), is_open) for by in ((), *_FILTERS)}
    parts |= {"ix_cases_nobody": (PLACE, nobody)}
    parts |= {"ix_cases_warn_on": (("warn_on",), "warn_on IS NOT NULL")}
    parts |= {"ix_cases_open_nobody": (PLACE, f"{nobody} AND {is_open}")}
    return whole + [
        Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
        for name, (columns, where) in parts.items()
    ]


_FILTERS = (("owner_id",), ("office",), ("branch",))


class Case(Base):
    """One proposal in the hands of the office. What the proposer sent is a projection of
    intake's.
    """

    __tablename__ = "cases"
    __table_args__ = (Index(None, "opened_at", "id"), *_indexes())

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    proposal_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Of the case, ours; grows with each event that we send about it."""
    revision: Mapped[int] = mapped_column(Integer, default=0)
    """Grows with everything that somebody did; a form knows the one that it was shown with."""
    state: Mapped[str] = mapped_column(String(20))  # a CaseState; withdrawn, quarantined and
    # erased follow intake
    public_label: Mapped[str] = mapped_column(String(40))
    office: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    first_reply_at: Mapped[datetime | None] = mapped_column(Moment)
    due_on: Mapped[date] = mapped_column(Date, default=NOT_DUE)
    """When our next step is due; NOT_DUE while none is."""
    warn_on: Mapped[date | None] = mapped_column(Date)
    """When the clock next has something to tell us; None: never."""
    warned: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Of which promises it has told us, by `deadlines.Reminder.key`."""
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
    """Casefolded: what the search of the queue looks through."""
    first_reply_by: Mapped[date] = mapped_column(Date)
    meeting_by: Mapped[date] = mapped_column(Date)
    decision_by: Mapped[date] = mapped_column(Date)
    submitted_at: Mapped[datetime] = mapped_column(Moment)

    owner: Mapped[Staff | None] = relationship()
    flags: Mapped[list["CaseFlag"]] = relationship(
        order_by="CaseFlag.place", cascade="all, delete-orphan"
    )


class CaseFlag(Base):
    """Something that a rule raised from the answers of a case; worst first."""

    __tablename__ = "case_flags"
    __table_args__ = (Index(None, "flag", "due_on", "submitted_at", "case_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    flag: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date, default=NOT_DUE)
    """As the case has it, and so the next: a flag finds its cases in the order of the queue."""
    submitted_at: Mapped[datetime] = mapped_column(Moment)


class Audit(Base):
    """One thing that was done with a case, or one look at it. Rows are only ever added."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "case_id", "id"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    revision: Mapped[int] = mapped_column(Integer)
    """Of the case after it; a look leaves it as it is."""
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """None: the proposer, or the clock."""
    action: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    staff: Mapped[Staff | None] = relationship()


class Letter(Base):
    """A decision in words: a draft until somebody releases it, then what the proposer has."""

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
    """Whoever wrote or changed it last."""
    drafted_at: Mapped[datetime] = mapped_column(Moment, default=now)
    released_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    drafted_by: Mapped[Staff] = relationship(foreign_keys=drafted_by_id)
    released_by: Mapped[Staff | None] = relationship(foreign_keys=released_by_id)


class MailStatus(Base):
    """What became of a mail, about a proposal or to one of us; notify owns it."""

    __tablename__ = "mail_fates"

    mail_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    proposal_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))  # a MailState
    reason: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class DigestItem(Base):
    """Something about a case that somebody wants told in the morning; no word of it is kept here,
    so that what is told is true then.
    """

    __tablename__ = "staff_news"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Of the mail that it would have been."""
    tell_on: Mapped[date] = mapped_column(Date, index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class Post(Base):
    """One utterance in the conversation of a case, from either side."""

    __tablename__ = "posts"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("cases.proposal_id"), index=True)
    side: Mapped[str] = mapped_column(String(10))  # a PostSide
    author: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(Moment, default=now)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the mail that tells of it goes; None for what was said on this side."""


class Note(Base):
    """What one of us wrote for the others beside a case; the proposer never reads it."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text)
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The names of those whom it names, who were told of it."""
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    staff: Mapped[Staff] = relationship()
