"""The status of each service as it last reported it, and decisions about failed events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.review.models.people import Staff
from services.review.models.tables import Base
from shared.tables import Moment, RowNumber, now


class ServiceStatus(Base):
    """The newest `service.changed.v1` of a service. The worker of review writes its own row."""

    __tablename__ = "service_views"

    service: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As reported. Each loop in trouble has `since_at` too."""
    changed_at: Mapped[datetime] = mapped_column(Moment)
    alarmed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """Alerts that were mailed: by cause the local day and the number at that time."""


class ParkedEventAction(Base):
    """The decision of an administrator about a failed event. Append-only."""

    __tablename__ = "parked_deeds"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    service: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[UUID] = mapped_column(Uuid)
    event_type: Mapped[str] = mapped_column(String(100))
    answer: Mapped[str] = mapped_column(String(10))  # a ParkedDecision
    reason: Mapped[str] = mapped_column(Text)
    staff: Mapped[Staff] = relationship()
