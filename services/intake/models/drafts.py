"""Drafts: ideas that are not sent yet."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from services.intake.models.proposals import Proposal
from services.intake.models.tables import Base
from shared.tables import Moment, now


class Draft(Base):
    """An idea that is being typed in, saved at every step."""

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
    """The reference of the later proposal, so that a link to the draft can already name it."""
    language: Mapped[str] = mapped_column(String(5))
    typed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Answers by question, also those that are wrong, not asked now, or beside a "not sure"."""
    not_sure: Mapped[list[str]] = mapped_column(JSON, default=list)
    done: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The sections that were saved without a problem."""
    version: Mapped[int] = mapped_column(Integer, default=1)
    """Rises with every change of an answer."""
    changed_by: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Which opened page has changed an answer last; see drafts/versions."""
    unsettled: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """By question, answers from pages that did not show the latest one; people choose."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    """The person who had a link to it mailed."""
    contact: Mapped[str | None] = mapped_column(String(254), index=True)
    """The typed contact address, as `Person.address`; None until it is one."""
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    remind_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the next reminder is due, unless the draft changes before."""
    reminds: Mapped[bool] = mapped_column(Boolean, default=True)
    """Whether its person wants reminders."""
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("proposals.id"), index=True)
    proposal: Mapped[Proposal | None] = relationship()
    """The proposal that it became when it was sent; the draft does not change after that."""
