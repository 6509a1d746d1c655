"""How the services stand, as each has told of itself, and what was decided about parked events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.review.models.people import Staff
from services.review.models.tables import Base
from shared.tables import Moment, RowNumber, now


class ServiceStatus(Base):
    """The newest `service.changed.v1` of a service; review writes its own."""

    __tablename__ = "service_views"

    service: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As it was told; each loop in trouble also with `since_at`."""
    changed_at: Mapped[datetime] = mapped_column(Moment)
    alarmed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """What administrators were mailed about: by cause the local day and the number then."""


class ParkedEventAction(Base):
    """What an administrator decided about a parked event. Rows are only ever added."""

    __tablename__ = "parked_deeds"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    service: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[UUID] = mapped_column(Uuid)
    event_type: Mapped[str] = mapped_column(String(100))
    answer: Mapped[str] = mapped_column(String(10))  # a ParkedEventAnswer
    reason: Mapped[str] = mapped_column(Text)
    staff: Mapped[Staff] = relationship()
