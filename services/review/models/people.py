"""Staff accounts, their sessions (rows, so that they can be revoked) and password links."""

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
    """A staff account."""

    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Casefolded."""
    role: Mapped[str] = mapped_column(String(20))  # a Role
    office: Mapped[str | None] = mapped_column(String(40))
    """They see the cases of this office only; None: of all offices."""
    password_hash: Mapped[str | None] = mapped_column(Text)
    """None until they have chosen a password."""
    must_change: Mapped[bool] = mapped_column(Boolean, default=False)
    """The password was generated; they can do nothing before they choose their own."""
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    mail_wishes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Kinds of mail that wait for the daily summary; see staff/notification_preferences.py."""
    wants_digest: Mapped[bool] = mapped_column(Boolean, default=True)
    digested_on: Mapped[date | None] = mapped_column(Date)
    """The day of the last weekly digest."""


class StaffSession(Base):
    """One signed-in browser. The cookie holds the token, the row its hash."""

    __tablename__ = "staff_sessions"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    staff: Mapped[Staff] = relationship()


class SignInAttempt(Base):
    """One guess that was not the password, kept for a day."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the email in one spelling, because people type passwords into the wrong field."""
    address: Mapped[str] = mapped_column(String(64))
    """The place that it came from: a network, or a known browser; see staff/guesses.py."""
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class PasswordToken(Base):
    """A mailed link with which a person chooses a password once. The row holds its hash."""

    __tablename__ = "staff_keys"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))  # a LinkPurpose
    mail_id: Mapped[UUID] = mapped_column(Uuid)
    """The mail that carries the link."""
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    staff: Mapped[Staff] = relationship()


class PasswordRequest(Base):
    """A request for a password link, mailed by a loop of the worker. The page answers as fast for
    an unknown email as for a known one.
    """

    __tablename__ = "forgotten_passwords"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """None: no mail is sent."""
    account: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the email in one spelling."""
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    done: Mapped[bool] = mapped_column(Boolean, default=False)
    staff: Mapped[Staff | None] = relationship()
