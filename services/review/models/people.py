"""The people of the office and their sessions, which are rows so that they can be ended."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Date, ForeignKey, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from services.review.models.tables import Base
from shared.tables import Moment, RowNumber, now


class Role(StrEnum):
    """What a member of staff may do."""

    TRIAGE = "triage"
    ASSESSOR = "assessor"
    LEAD = "lead"
    DIRECTOR = "director"
    AUDITOR = "auditor"
    ADMIN = "admin"


ROLES = tuple(role.value for role in Role)
LEADS = frozenset({Role.LEAD, Role.DIRECTOR})
WORKERS = LEADS | {Role.TRIAGE, Role.ASSESSOR}  # the roles that act on cases


class Staff(Base):
    """Somebody of the office who may sign in."""

    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Casefolded."""
    role: Mapped[str] = mapped_column(String(20))  # a Role
    office: Mapped[str | None] = mapped_column(String(40))
    """Sees the cases of this office only; None: of every office."""
    password_hash: Mapped[str | None] = mapped_column(Text)
    """None: cannot sign in yet."""
    must_change: Mapped[bool] = mapped_column(Boolean, default=False)
    """The password was made by us and opens nothing but the page where a new one is chosen."""
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    mail_wishes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Kinds of mail that she does not want at once; see staff/notification_preferences.py."""
    wants_digest: Mapped[bool] = mapped_column(Boolean, default=True)
    digested_on: Mapped[date | None] = mapped_column(Date)
    """The day of the last digest."""


class StaffSession(Base):
    """One browser that somebody has signed in with; its cookie holds the id, here is the hash."""

    __tablename__ = "staff_sessions"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    staff: Mapped[Staff] = relationship()


class SignInAttempt(Base):
    """One failed try to sign in; counted per account and per address, gone after a day."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was typed: people type passwords into the wrong box."""
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class PasswordToken(Base):
    """A mailed link that lets somebody choose a password, once; here is its hash."""

    __tablename__ = "staff_keys"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))  # a LinkPurpose
    mail_id: Mapped[UUID] = mapped_column(Uuid)
    """The mail that it went out with."""
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    staff: Mapped[Staff] = relationship()


class PasswordRequest(Base):
    """Somebody at the door asked for a new password; a loop mails the link, if there is one to
    mail. So whoever asks waits as long for a stranger as for a colleague.
    """

    __tablename__ = "forgotten_passwords"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """None: nobody gets a mail for it."""
    account: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was typed."""
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    done: Mapped[bool] = mapped_column(Boolean, default=False)
    staff: Mapped[Staff | None] = relationship()
