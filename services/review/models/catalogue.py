"""Existing offerings of the institution."""

from uuid import UUID, uuid4

from sqlalchemy import Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from services.review.models.tables import Base


class CatalogueEntry(Base):
    """One existing offering."""

    __tablename__ = "catalogue_entries"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    version: Mapped[int] = mapped_column(Integer, default=1)
    title: Mapped[str] = mapped_column(Text, unique=True)
    unit: Mapped[str] = mapped_column(Text)
    skills: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))  # an OfferingState
