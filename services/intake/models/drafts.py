"""Drafts: ideas that were not sent yet."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
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
