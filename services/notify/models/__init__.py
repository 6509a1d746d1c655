"""The tables of notify: mails, attempts to send them, suppressed mailboxes, pace by domain."""

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
    """Partial indexes, with few rows each: the sender changes each mail three times. None holds
    `dot_at`, so that PostgreSQL updates no index for a mark.
    """
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
    """One mail to one mailbox, rendered once. The state `sending` is never announced, and `queued`
    only of a mail that has to wait.
    """

    __tablename__ = "mails"
    __table_args__ = (*_parts(), {"postgresql_with": {"fillfactor": 30}})

    id: Mapped[UUID] = mapped_column(UuidType, primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(300), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    on_doubt: Mapped[str] = mapped_column(String(10))  # resend, ask, verify
    message_id: Mapped[str] = mapped_column(String(300), unique=True)
    rendered: Mapped[bytes] = mapped_column(LargeBinary)
    """The same bytes on every attempt; empty where the mail could not be rendered."""
    kept: Mapped[str] = mapped_column(String(10), default=KeptText.WHOLE)
    """How much of the text is kept, a KeptText."""
    again_of: Mapped[UUID | None] = mapped_column(UuidType)
    """The mail that a person resent as this one."""
    recipient: Mapped[str] = mapped_column(String(320))
    domain: Mapped[str] = mapped_column(String(255), default="")
    """Of the recipient, casefolded."""
    envelope_from: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(Integer, default=1)
    """The last announced version; 0 before the first."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    deferrals: Mapped[int] = mapped_column(Integer, default=0)
    """How often the server deferred this mail: its place in the retry schedule."""
    next_attempt_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    lease_token: Mapped[UUID | None] = mapped_column(UuidType)
    """Held by the current attempt. Without it, an attempt may not send the dot or set a state."""
    worker_key: Mapped[int | None] = mapped_column(BigInteger)
    """The lock that its sender holds while it lives."""
    dot_at: Mapped[datetime | None] = mapped_column(Moment)
    """Set just before the final dot: without it the mail was surely not accepted."""
    last_code: Mapped[int | None] = mapped_column(Integer)
    last_reply: Mapped[str | None] = mapped_column(Text)
    archived: Mapped[bool] = mapped_column(default=False)
    """Whether the same SMTP transaction had a copy for the archive."""
    proposal_id: Mapped[UUID | None] = mapped_column(UuidType, index=True)
    person_id: Mapped[UUID | None] = mapped_column(UuidType, index=True)
    traceparent: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Pace(Base):
    """How fast mails may be sent to one domain; shared by all senders."""

    __tablename__ = "paces"

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(Moment)
    """When the next mail may be sent; the further in the past, the more at once."""
    planned_until: Mapped[datetime] = mapped_column(Moment)
    """The moment planned for the last mail that has to wait."""
    rests_until: Mapped[datetime] = mapped_column(Moment)
    rests: Mapped[int] = mapped_column(Integer)
    """How many rests in a row."""


class Suppression(Base):
    """A mailbox to which we no longer send until a person releases it."""

    __tablename__ = "suppressions"

    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    """Casefolded."""
    reason: Mapped[str] = mapped_column(Text)
    mail_id: Mapped[UUID | None] = mapped_column(UuidType)
    """The mail that was refused."""
    since: Mapped[datetime] = mapped_column(Moment, default=now)


class MailAttempt(Base):
    """One attempt to send a mail, written when it ended."""

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
