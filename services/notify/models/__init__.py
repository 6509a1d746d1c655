"""What notify owns: each mail, finished and ready to go, and every attempt to send it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    text,
)
from sqlalchemy import Uuid as UuidType
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.notify.models.states import KeptText
from shared.tables import NAMING, Moment, now


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


def _parts() -> list[Index]:
    """Of few rows each, or of none that the sender has in hand: it changes each mail three times.
    None holds `dot_at`, so that a mark costs PostgreSQL no index at all."""
    waiting, unsettled = "state IN ('queued', 'deferred')", "state IN ('sending', 'in_doubt')"
    gone = "state NOT IN ('queued', 'sending', 'deferred', 'in_doubt')"
    parts = {
        "ix_mails_waiting": (("next_attempt_at",), waiting),
        "ix_mails_waiting_by_domain": (("domain", "next_attempt_at"), waiting),
        "ix_mails_expiring": (("expires_at",), waiting),
        "ix_mails_verified": (("changed_at",), "on_doubt = 'verify'"),
        "ix_mails_unsettled": (("state",), unsettled),
        "ix_mails_untold": (("created_at",), "version = 0 AND lease_token IS NULL"),
        "ix_mails_gone": (("kept", "changed_at"), gone),
    }
    return [
        Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
        for name, (columns, where) in parts.items()
    ]


class Mail(Base):
    """One mail to one mailbox, rendered once. The state `sending` is told to nobody, and `queued`
    only of a mail that has to wait."""

    __tablename__ = "mails"
    __table_args__ = (*_parts(), {"postgresql_with": {"fillfactor": 30}})

    id: Mapped[UUID] = mapped_column(UuidType, primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(300), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    on_doubt: Mapped[str] = mapped_column(String(10))  # resend, ask, verify
    message_id: Mapped[str] = mapped_column(String(300), unique=True)
    rendered: Mapped[bytes] = mapped_column(LargeBinary)
    """The finished bytes, the same on every attempt; empty where it could not be rendered."""
    kept: Mapped[str] = mapped_column(String(10), default=KeptText.WHOLE)
    """How much of the bytes: whole, masked (its links are blanked), nothing."""
    again_of: Mapped[UUID | None] = mapped_column(UuidType)
    """The mail that a person had sent once more as this one."""
    recipient: Mapped[str] = mapped_column(String(320))
    domain: Mapped[str] = mapped_column(String(255), default="")
    """Of the recipient, casefolded."""
    envelope_from: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(Integer, default=1)
    """Of what was told; 0: nothing yet."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    deferrals: Mapped[int] = mapped_column(Integer, default=0)
    """Attempts that ended with "not now" about this mail: the place in the schedule."""
    next_attempt_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    lease_token: Mapped[UUID | None] = mapped_column(UuidType)
    """Of the attempt under way: whoever lost it may neither send the dot nor decide the outcome."""
    worker_key: Mapped[int | None] = mapped_column(BigInteger)
    """The lock that the sender holds as long as it lives."""
    dot_at: Mapped[datetime | None] = mapped_column(Moment)
    """Marked just before the final dot. Without it nothing was accepted, with it perhaps."""
    last_code: Mapped[int | None] = mapped_column(Integer)
    last_reply: Mapped[str | None] = mapped_column(Text)
    archived: Mapped[bool] = mapped_column(default=False)
    """Whether a copy for the archive was offered in the same transaction as the mail."""
    proposal_id: Mapped[UUID | None] = mapped_column(UuidType, index=True)
    person_id: Mapped[UUID | None] = mapped_column(UuidType, index=True)
    traceparent: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Pace(Base):
    """How fast mails may go to one domain; shared by all senders."""

    __tablename__ = "paces"

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(Moment)
    """When the next mail may go; further back, several may go at once."""
    planned_until: Mapped[datetime] = mapped_column(Moment)
    """The moment given to the last of those that have to wait."""
    rests_until: Mapped[datetime] = mapped_column(Moment)
    rests: Mapped[int] = mapped_column(Integer)
    """How often it had to rest, one time after another."""


class Suppression(Base):
    """A mailbox to which nothing is sent any more, until somebody releases it."""

    __tablename__ = "suppressions"

    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    """Casefolded."""
    reason: Mapped[str] = mapped_column(Text)
    mail_id: Mapped[UUID | None] = mapped_column(UuidType)
    """The mail that was refused for ever."""
    since: Mapped[datetime] = mapped_column(Moment, default=now)


class MailAttempt(Base):
    """One attempt and how it ended; written when that is known."""

    __tablename__ = "mail_attempts"

    mail_id: Mapped[UUID] = mapped_column(
        ForeignKey("mails.id", ondelete="CASCADE"), primary_key=True
    )
    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20))
    code: Mapped[int | None] = mapped_column(Integer)
    reply: Mapped[str | None] = mapped_column(Text)
    dot_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime] = mapped_column(Moment, default=now)
