"""Projections: the newest state of what other services own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    String,
    Text,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from services.intake.models.tables import Base
from shared.tables import Moment


class CaseView(Base):
    """The case of a proposal as its proposer may see it; review owns it."""

    __tablename__ = "case_views"

    proposal_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(Uuid)
    """Changes if review loses the case and opens it again."""
    version: Mapped[int] = mapped_column(Integer)
    public_label: Mapped[str] = mapped_column(String(40))  # see PublicLabel
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The whole event, in JSON's types."""


class MailStatus(Base):
    """The delivery state of a mail about a proposal; notify owns it."""

    __tablename__ = "mail_fates"

    mail_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))  # see MailState
    reason: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class CatalogueEntry(Base):
    """One existing offering; review owns it."""

    __tablename__ = "catalogue_entries"

    entry_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    skills: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))


class ErasureReport(Base):
    """A service has reported that it erased a person."""

    __tablename__ = "forgotten"

    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    service: Mapped[str] = mapped_column(String(20), primary_key=True)
    forgotten_at: Mapped[datetime] = mapped_column(Moment)
